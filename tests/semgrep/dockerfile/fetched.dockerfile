FROM debian:12.7
# ruleid: dockerfile-download-then-run
RUN curl -fsSLo /tmp/setup.sh https://tools.example.org/setup.sh \
    && bash /tmp/setup.sh
# ruleid: dockerfile-download-then-run
RUN wget -q -O get.py https://tools.example.org/get.py && python3 get.py
# ok: dockerfile-download-then-run
RUN curl -fsSLo setup.sh https://tools.example.org/setup.sh \
    && echo "9f86d0  setup.sh" | sha256sum -c - \
    && bash setup.sh
# ok: dockerfile-download-then-run
RUN curl -fsSLo tool.tgz https://tools.example.org/tool.tgz && bash build.sh
USER 10001
