FROM node:22.9.0-alpine
# ruleid: dockerfile-secret-value
ENV DB_PASSWORD=sunflower42
# ruleid: dockerfile-secret-value
ENV MODE=production API_KEY="b7f2-91c0-33de"
# ruleid: dockerfile-secret-value
ARG JWT_SECRET=swordfish-is-the-word
# ruleid: dockerfile-secret-value
ENV SESSION_SECRET keyboardcat
# ok: dockerfile-secret-value
ENV DB_PASSWORD=""
# ok: dockerfile-secret-value
ENV DB_PASSWORD=$DB_PASSWORD
# ok: dockerfile-secret-value
ENV DB_PASSWORD_FILE=/run/secrets/db
# ok: dockerfile-secret-value
ENV SECRET_KEY_BASE=dummy-for-the-build
# ok: dockerfile-secret-value
ENV PASSWORD_MIN_LENGTH=14 TOKEN_TTL=3600
# ENV DB_PASSWORD=sunflower42
# ruleid: dockerfile-secret-build-argument
ARG NPM_TOKEN
# ruleid: dockerfile-secret-build-argument
ARG GIT_PASSWORD=""
# ok: dockerfile-secret-build-argument
ARG TOKEN_URL
# ok: dockerfile-secret-build-argument
ARG NODE_ENV
# ok: dockerfile-secret-build-argument
RUN --mount=type=secret,id=npm_token NPM_TOKEN=$(cat /run/secrets/npm_token) npm ci
USER node
