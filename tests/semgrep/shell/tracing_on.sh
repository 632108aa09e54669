#!/bin/sh
# ruleid: shell-trace-with-secrets
set -x
curl -fsS -H "Authorization: Bearer $DEPLOY_TOKEN" https://api.example.org/deploy
