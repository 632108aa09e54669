#!/bin/sh
# Wait until a port answers, then run the rest of the command line.
host=$1
port=$2
shift 2
tries=0
until nc -z "$host" "$port"; do
  tries=$((tries + 1))
  if [ "$tries" -gt 30 ]; then
    printf 'gave up on %s:%s\n' "$host" "$port" >&2
    exit 1
  fi
  sleep 1
done
case "$1" in
  --) shift ;;
esac
exec "$@"
