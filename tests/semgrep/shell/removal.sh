#!/bin/bash
set -eu
# rm -rf $everything
# ruleid: shell-rm-variable-root
rm -rf "$CACHE_DIR"/*
# ruleid: shell-rm-variable-root
rm -rf $PREFIX/lib
# ruleid: shell-rm-variable-root
cd /srv && sudo rm -fr "${target}/"
# ruleid: shell-rm-variable-root
rm -rf $1
# ruleid: shell-rm-variable-root
clean() { rm --recursive --force $@; }
# ok: shell-rm-variable-root
rm -rf -- "${CACHE_DIR:?}"/*
# ok: shell-rm-variable-root
rm -rf "$BUILD_DIR/objects"
# ok: shell-rm-variable-root
rm -f "$CACHE_DIR"/*
# ok: shell-rm-variable-root
echo "rm -rf $PREFIX/"
# ruleid: shell-rm-unquoted
rm -rf $build_dir
# ruleid: shell-rm-unquoted
if [ -d out ]; then rm -rf out/${name}-$version; fi
# ruleid: shell-rm-unquoted
find . -type d | while read -r dir; do rm -r ${dir}; done
# ok: shell-rm-unquoted
rm -rf "$build_dir"
# ok: shell-rm-unquoted
rm -rf -- "${build_dir:?}"
# ok: shell-rm-unquoted
rm -f $list
# ok: shell-rm-unquoted
rm -rf build dist ./*.egg-info
# ruleid: shell-world-writable
chmod -R 777 /srv/app
# ruleid: shell-world-writable
sudo chmod 0666 /etc/app.conf && echo done
# ruleid: shell-world-writable
chmod a+rwx "$dir"
# ruleid: shell-world-writable
chmod o+w shared.db
# ruleid: shell-world-writable
umask 000
# ok: shell-world-writable
chmod 755 /srv/app
# ok: shell-world-writable
chmod 1777 /tmp
# ok: shell-world-writable
chmod u+w,go-w config
# ok: shell-world-writable
umask 077
# ok: shell-world-writable
chmod a+rX -R public
# ruleid: shell-predictable-temporary-file
tmp=/tmp/report.$$
# ruleid: shell-predictable-temporary-file
sort names > /tmp/sorted.txt
# ok: shell-predictable-temporary-file
tmp=$(mktemp /tmp/report.XXXXXX)
# ok: shell-predictable-temporary-file
sort names > "$tmp"
# ok: shell-predictable-temporary-file
ls /tmp/sorted.txt
