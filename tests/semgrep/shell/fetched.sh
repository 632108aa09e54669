#!/bin/sh
# ruleid: shell-download-then-run
curl -fsSL -o setup.sh https://tools.example.org/setup.sh
chmod +x setup.sh
sh ./setup.sh --yes
# ruleid: shell-download-then-run
wget -q https://tools.example.org/env -O "$dir/env" && . "$dir/env"
# ok: shell-download-then-run
curl -fsSL -o other.sh https://tools.example.org/other.sh
echo "9f86d0  other.sh" | sha256sum -c -
sh other.sh
# ok: shell-download-then-run
curl -fsSL -o tool.tgz https://tools.example.org/tool.tgz
sh build.sh
# ruleid: shell-download-run
/bin/bash -c "$(curl -fsSL https://tools.example.org/setup.sh)"
