FROM ubuntu:24.04
# ruleid: dockerfile-download-run
RUN curl -fsSL https://tools.example.org/setup.sh | bash -
# ruleid: dockerfile-download-run, dockerfile-sudo
RUN apt-get update && wget -qO- "https://tools.example.org/setup?os=linux&arch=amd64" | sudo -E sh
RUN set -eux; \
    # ruleid: dockerfile-download-run
    curl --proto '=https' -sSf \
      https://sh.example.org \
    | sh -s -- -y
# ruleid: dockerfile-download-run
RUN bash <(curl -s https://tools.example.org/setup.sh)
# ruleid: dockerfile-download-run
RUN sh -c "$(curl -fsSL https://tools.example.org/setup.sh)"
# ruleid: dockerfile-download-run
RUN curl -s https://tools.example.org/get-tool.py | python3 -
# ruleid: dockerfile-download-run
RUN ["/bin/bash", "-c", "curl https://tools.example.org/setup.sh | bash"]
# ok: dockerfile-download-run
RUN curl -fsSLo setup.sh https://tools.example.org/setup.sh && echo "9f86d0  setup.sh" | sha256sum -c - && sh setup.sh
# ok: dockerfile-download-run
RUN curl -s https://api.example.org/latest | python3 -c 'import json, sys; print(json.load(sys.stdin)["tag"])'
# ok: dockerfile-download-run
RUN curl -fsSL https://tools.example.org/tool.tar.gz | tar -xz -C /usr/local/bin
# ok: dockerfile-download-run
RUN curl -fsSL https://tools.example.org/key.asc | gpg --dearmor -o /etc/apt/keyrings/tool.gpg && bash /setup.sh
# ok: dockerfile-download-run
RUN curl -fsSL https://tools.example.org/list | sha256sum
# ok: dockerfile-download-run
RUN echo "install with curl https://tools.example.org/setup.sh | sh"
# RUN curl -fsSL https://tools.example.org/setup.sh | bash -
# ruleid: dockerfile-remote-add
ADD https://tools.example.org/tool.tar.gz /opt/
# ruleid: dockerfile-remote-add
ADD --chown=app:app ["http://tools.example.org/tool.bin", "/opt/"]
# ok: dockerfile-remote-add
ADD --checksum=sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 https://tools.example.org/tool.bin /opt/
# ok: dockerfile-remote-add
ADD rootfs.tar.gz /
# ruleid: dockerfile-cleartext-download
RUN curl -fsSLo /opt/tool.jar http://downloads.example.org/tool.jar
# ruleid: dockerfile-cleartext-download
RUN cd /opt && wget -q http://downloads.example.org/tool.jar
# ok: dockerfile-cleartext-download
RUN wget -q https://downloads.example.org/tool.jar
# ok: dockerfile-cleartext-download
HEALTHCHECK CMD curl -f http://localhost:8080/healthz
# ok: dockerfile-cleartext-download
HEALTHCHECK CMD wget -q http://127.0.0.1/ -O /dev/null
USER 10001
