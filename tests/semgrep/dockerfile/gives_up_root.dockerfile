FROM debian:12.7
RUN apt-get update && apt-get install -y --no-install-recommends gosu
COPY entrypoint.sh /
# ok: dockerfile-user-root
USER root
ENTRYPOINT ["/entrypoint.sh"]
