# ok: dockerfile-image-latest
FROM registry.example.org:5000/team/base:2.4
# USER root is what the base image has; the next line says it again
# ruleid: dockerfile-user-root
user 0:0
# ok: dockerfile-user-missing
ENTRYPOINT ["/bin/serve"]
