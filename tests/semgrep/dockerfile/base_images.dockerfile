ARG VERSION=3.20
# ruleid: dockerfile-image-latest
FROM node:latest AS assets
# ok: dockerfile-image-latest
FROM node:22.9.0-alpine AS deps
# ruleid: dockerfile-image-latest
FROM --platform=$BUILDPLATFORM golang AS compile
# ruleid: dockerfile-image-latest
FROM ghcr.io/team/base
# ruleid: dockerfile-image-latest
FROM registry.example.org:5000/team/base as other
# ok: dockerfile-image-latest
FROM ghcr.io/team/base@sha256:1d5ed05c1fe6a4e3d4a2bbbb8b5ad0a5f1ad5b4a0ac8d3ad2dd52b0a0a4c9a01
# ok: dockerfile-image-latest
FROM alpine:${VERSION} AS tagged
# ok: dockerfile-image-latest
FROM assets AS tested
# ok: dockerfile-image-latest
FROM scratch
# FROM node:latest would be wrong
USER 10001
