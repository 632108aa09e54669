# ruleid: dockerfile-image-latest
FROM python
WORKDIR /srv
COPY . .
# USER app
# ruleid: dockerfile-user-missing
CMD python app.py
