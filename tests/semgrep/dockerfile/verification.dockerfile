FROM debian:12.7
# ruleid: dockerfile-tls-verification-off
RUN curl -kL https://downloads.example.org/tool.tgz | tar -xz
# ruleid: dockerfile-tls-verification-off
RUN cd /opt && wget --no-check-certificate https://downloads.example.org/tool.jar
# ruleid: dockerfile-tls-verification-off
RUN git config --global http.sslVerify false
# ruleid: dockerfile-tls-verification-off
ENV NODE_TLS_REJECT_UNAUTHORIZED=0
# ruleid: dockerfile-tls-verification-off
RUN npm config set strict-ssl false
# ok: dockerfile-tls-verification-off
RUN curl -fsSL --key client.pem https://downloads.example.org/tool.tgz | tar -xz
# ok: dockerfile-tls-verification-off
RUN curl -fsSL https://downloads.example.org/tool.tgz | tar -xz && tar -k -xf rest.tar
# ruleid: dockerfile-tls-verification-off
RUN echo "fetching" && curl -k https://downloads.example.org/tool.tgz | tar -xz
# ruleid: dockerfile-tls-verification-off
ENV LANG=C GIT_SSL_NO_VERIFY=1
# ok: dockerfile-tls-verification-off
RUN echo "never use curl -k https://downloads.example.org"
# ok: dockerfile-tls-verification-off
RUN unset GIT_SSL_NO_VERIFY && NODE_TLS_REJECT_UNAUTHORIZED=1 npm ci
# ok: dockerfile-tls-verification-off
RUN npm config set strict-ssl true
# RUN curl -k https://downloads.example.org/tool.tgz
# ruleid: dockerfile-package-unverified
RUN apt-get update && apt-get install -y --allow-unauthenticated oldtool
# ruleid: dockerfile-package-unverified
RUN pip3 install --index-url http://pypi.example.org/simple --trusted-host pypi.example.org tool
# ruleid: dockerfile-package-unverified
ENV PIP_TRUSTED_HOST=pypi.example.org
# ruleid: dockerfile-package-unverified
RUN yum install -y --nogpgcheck tool
# ruleid: dockerfile-package-unverified
RUN apk add --no-cache --allow-untrusted /tmp/tool.apk
# ruleid: dockerfile-package-unverified
RUN echo "deb [trusted=yes] https://deb.example.org/ stable main" > /etc/apt/sources.list.d/tool.list
# ok: dockerfile-package-unverified
RUN echo "deb [signed-by=/etc/apt/keyrings/tool.gpg] https://deb.example.org/ stable main" > /etc/apt/sources.list.d/tool.list
# ok: dockerfile-package-unverified
RUN pip3 install --no-cache-dir --require-hashes -r requirements.txt
USER 10001
