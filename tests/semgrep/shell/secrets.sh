#!/bin/bash
# ruleid: shell-trace-with-secrets
set -euxo pipefail
# PASSWORD=sunflower42
# ruleid: shell-secret-literal
DB_PASSWORD="sunflower42"
# ruleid: shell-secret-literal
export API_KEY=b7f2-91c0-33de
# ruleid: shell-secret-literal
local jwt_secret='swordfish-is-the-word' # for now
# ok: shell-secret-literal
DB_PASSWORD="${DB_PASSWORD:?is not set}"
# ok: shell-secret-literal
token=$(vault kv get -field=token kv/deploy)
# ok: shell-secret-literal
PASSWORD_FILE=/run/secrets/db
# ok: shell-secret-literal
API_KEY="your-api-key"
# ok: shell-secret-literal
SHOW_TOKEN=false
# ok: shell-secret-literal
password=""
# ruleid: shell-secret-literal-argument
mysql -u app -psunflower42 shop < schema.sql
# ruleid: shell-secret-literal-argument
sshpass -p 'sunflower42' ssh deploy@app.example.org uptime
# ruleid: shell-secret-literal-argument
curl -s -u deploy:sunflower42 https://builds.example.org/app.tgz
# ruleid: shell-secret-literal-argument
echo 'deploy:sunflower42' | chpasswd
# ruleid: shell-secret-literal-argument
PGPASSWORD=sunflower42 psql -h db.example.org shop
# ruleid: shell-secret-literal-argument
docker login -u deploy -p sunflower42 registry.example.org
# ok: shell-secret-literal-argument
mysql -u app -p shop
# ok: shell-secret-literal-argument
curl -s -u "deploy:$BUILD_PASSWORD" https://builds.example.org/app.tgz
# ok: shell-secret-literal-argument
mkdir -p sunflower42 && sshpass -e ssh deploy@app.example.org uptime
# ok: shell-secret-literal-argument
curl -u "user:password" https://docs.example.org
# ruleid: shell-secret-in-arguments
mysql -u app -p"$DB_PASSWORD" shop < schema.sql
# ruleid: shell-secret-in-arguments
sshpass -p "$pw" ssh deploy@app.example.org uptime
# ruleid: shell-secret-in-arguments
docker login -u deploy --password "$REGISTRY_TOKEN" registry.example.org
# ok: shell-secret-in-arguments
printf '%s' "$REGISTRY_TOKEN" | docker login -u deploy --password-stdin registry.example.org
# ok: shell-secret-in-arguments
mysql --defaults-extra-file="$conf" shop < schema.sql
# ruleid: shell-secret-printed
echo "the token is $REGISTRY_TOKEN"
# ruleid: shell-secret-printed
echo "user: ${DB_USER} password: ${DB_PASSWORD}"
# ok: shell-secret-printed
echo "token: ${REGISTRY_TOKEN:+set}"
# ok: shell-secret-printed
echo "token=$REGISTRY_TOKEN" >> "$env_file"
# ok: shell-secret-printed
echo "$REGISTRY_TOKEN" | docker login -u deploy --password-stdin registry.example.org
# ok: shell-secret-printed
echo "::add-mask::$REGISTRY_TOKEN"
