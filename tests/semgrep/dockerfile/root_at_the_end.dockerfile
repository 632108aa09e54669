FROM debian:12.7-slim AS build
# ok: dockerfile-user-root
USER root
RUN apt-get update && apt-get install --no-install-recommends -y build-essential

FROM debian:12.7-slim
USER app
COPY --from=build /src/server /usr/bin/server
# ruleid: dockerfile-user-root
USER root
CMD ["/usr/bin/server"]
