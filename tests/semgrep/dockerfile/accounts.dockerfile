FROM ubuntu:24.04
# ruleid: dockerfile-password-set
RUN echo 'root:letmein' | chpasswd
# ruleid: dockerfile-password-set
RUN useradd -m -p '1qAY2Wsx' deploy
# ok: dockerfile-password-set
RUN useradd -m -s /bin/bash deploy
# ok: dockerfile-password-set
RUN echo "deploy:${DEPLOY_HASH}" | chpasswd -e
# ok: dockerfile-password-set
RUN usermod -p '*' deploy
# ruleid: dockerfile-sudo
RUN sudo apt-get update
# ruleid: dockerfile-sudo
RUN echo 'deploy ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/deploy
# ok: dockerfile-sudo
RUN apt-get update && apt-get purge -y sudo
# ok: dockerfile-sudo
RUN gosu deploy true
# ruleid: dockerfile-ssh-server
EXPOSE 8080 22
# ruleid: dockerfile-ssh-server
CMD ["/usr/sbin/sshd", "-D"]
# ok: dockerfile-ssh-server
EXPOSE 2200 8022/tcp
# ok: dockerfile-ssh-server
RUN apt-get install -y openssh-client
# ruleid: dockerfile-docker-socket
VOLUME /var/run/docker.sock
# ruleid: dockerfile-docker-socket
CMD docker run -v /var/run/docker.sock:/var/run/docker.sock registry.example.org/agent:1.4
# ok: dockerfile-docker-socket
VOLUME /var/run/postgresql
# ok: dockerfile-docker-socket
ENV DOCKER_HOST=tcp://builder:2376
USER deploy
