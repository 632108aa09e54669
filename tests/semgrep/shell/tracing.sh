#!/bin/sh
# ok: shell-trace-with-secrets
set -x
make all
set +x
# ok: shell-trace-with-secrets
set -eu
curl -fsS -H "Authorization: Bearer $DEPLOY_TOKEN" https://api.example.org/deploy
