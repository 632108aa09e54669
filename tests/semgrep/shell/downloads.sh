#!/bin/sh
# curl -fsSL https://tools.example.org/setup.sh | sh
# ruleid: shell-download-run
curl -fsSL https://tools.example.org/setup.sh | bash
# ruleid: shell-download-run
if ! wget -qO- "https://tools.example.org/setup?a=1&b=2" | sudo -E sh -s -- -y; then exit 1; fi
# ruleid: shell-download-run
curl --proto '=https' --tlsv1.2 -sSf \
  https://sh.example.org | \
  sh
# ruleid: shell-download-run
bash <(curl -s https://tools.example.org/setup.sh)
# ruleid: shell-download-run
. <(wget -qO- https://tools.example.org/env)
# ruleid: shell-download-run
sh -c "$(curl -fsSL https://tools.example.org/setup.sh)"
# ruleid: shell-download-run
eval "$(curl -s https://tools.example.org/env)"
# ruleid: shell-download-run
curl -s https://tools.example.org/get.py | python3 -
# ruleid: shell-download-run
curl -s https://tools.example.org/blob | base64 -d | sh
# ok: shell-download-run
echo "Install it with: curl -fsSL https://tools.example.org/setup.sh | bash"
cat >&2 <<'USAGE'
  curl -fsSL https://tools.example.org/setup.sh | bash
USAGE
# ok: shell-download-run
version=$(curl -s https://api.example.org/latest | python3 -c 'import json, sys; print(json.load(sys.stdin)["tag"])')
# ok: shell-download-run
curl -fsSL https://tools.example.org/tool.tar.gz | tar -xz -C "$HOME/.local/bin"
# ok: shell-download-run
curl -fsSL https://tools.example.org/list | sh_helper --check
# ok: shell-download-run
source <(kubectl completion bash)
# ok: shell-download-run
curl -fsSLo setup.sh https://tools.example.org/setup.sh && echo "9f86d0  setup.sh" | sha256sum -c - && sh setup.sh
# ruleid: shell-cleartext-download
wget -q http://downloads.example.org/tool-1.2.tar.gz
# ruleid: shell-cleartext-download
curl -O "ftp://downloads.example.org/tool.rpm"
# ok: shell-cleartext-download
wget -q https://downloads.example.org/tool-1.2.tar.gz
# ok: shell-cleartext-download
curl -fs http://localhost:8080/build.zip
# ok: shell-cleartext-download
curl -fs http://api.example.org/status
# ruleid: shell-tls-verification-off
curl -ksL https://builds.example.org/app.tgz -o app.tgz
# ruleid: shell-tls-verification-off
body="$(curl --silent --insecure "https://$host/health")"
# ruleid: shell-tls-verification-off
wget --no-check-certificate -q https://builds.example.org/app.tgz
# ruleid: shell-tls-verification-off
git config --global http.sslVerify false
# ruleid: shell-tls-verification-off
export NODE_TLS_REJECT_UNAUTHORIZED=0
# ruleid: shell-tls-verification-off
pip3 install --trusted-host pypi.example.org tool
# ok: shell-tls-verification-off
curl -fsSL --key client.pem --cacert our-ca.pem https://builds.example.org/app.tgz
# ok: shell-tls-verification-off
curl -k https://localhost:8443/health
# ok: shell-tls-verification-off
echo "never use curl -k https://builds.example.org"
# ok: shell-tls-verification-off
curl -s https://builds.example.org/app.tgz | tar -k -xz
# ruleid: shell-package-unverified
apt-get install -y --allow-unauthenticated oldtool
# ruleid: shell-package-unverified
sudo yum -y install --nogpgcheck tool
# ruleid: shell-package-unverified
echo "deb [trusted=yes] https://deb.example.org/ stable main" > /etc/apt/sources.list.d/tool.list
# ok: shell-package-unverified
echo "deb [signed-by=/etc/apt/keyrings/tool.gpg] https://deb.example.org/ stable main" > /etc/apt/sources.list.d/tool.list
# ok: shell-package-unverified
apt-get install -y --no-install-recommends tool
# ruleid: shell-host-key-unchecked
ssh -o StrictHostKeyChecking=no deploy@"$host" uptime
# ruleid: shell-host-key-unchecked
out=$(scp -P 2200 -oStrictHostKeyChecking=off app.tgz "deploy@$host:/srv/")
# ruleid: shell-host-key-unchecked
printf 'Host *\n  StrictHostKeyChecking no\n' >> ~/.ssh/config
# ok: shell-host-key-unchecked
ssh -o StrictHostKeyChecking=accept-new deploy@"$host" uptime
# ok: shell-host-key-unchecked
ssh -o UserKnownHostsFile=known_hosts -o StrictHostKeyChecking=yes deploy@"$host" uptime
