#!/usr/bin/env bash
# Build the archives of a release and list their checksums.
set -euo pipefail

version=${1:?usage: release.sh VERSION}
out=dist/"$version"
mkdir -p "$out"

for platform in linux darwin; do
  for arch in amd64 arm64; do
    echo "building $platform/$arch"
    GOOS=$platform GOARCH=$arch go build -trimpath -o "$out/tool-$platform-$arch" ./cmd/tool
    tar -C "$out" -czf "$out/tool-$version-$platform-$arch.tar.gz" "tool-$platform-$arch"
  done
done

(cd "$out" && sha256sum ./*.tar.gz > checksums.txt)
git tag -s "v$version" -m "Release $version"
