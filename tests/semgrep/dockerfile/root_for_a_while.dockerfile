FROM registry.access.redhat.com/ubi9/python-312:9.4
# ok: dockerfile-user-root
USER root
RUN dnf install -y libpq && dnf clean all
# ok: dockerfile-world-writable
RUN chmod 755 /usr/bin/report && chmod -R g+rwX /srv
# ruleid: dockerfile-world-writable
RUN chmod -R 777 /srv/data
RUN mkdir -p /srv/cache && \
    # ruleid: dockerfile-world-writable
    chmod a+rwx /srv/cache
# ok: dockerfile-world-writable
RUN chmod 1777 /tmp && chmod 777 /tmp
USER 1001
# ok: dockerfile-user-missing
CMD ["python", "app.py"]
