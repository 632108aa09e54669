ARG PYTHON=3.12.7
FROM python:${PYTHON}-slim AS web
ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpq5 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /srv/app
COPY requirements.txt .
RUN pip install --require-hashes -r requirements.txt
COPY --chown=nobody:nogroup . .
USER nobody
HEALTHCHECK --interval=30s CMD ["python", "-m", "app.healthcheck"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app.wsgi"]
