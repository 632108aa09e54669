#!/usr/bin/env fish
# What no shell parser but fish's own takes.
function fetch --argument-names host
    # ruleid: shell-tls-verification-off
    curl -k https://$host/status
    if test $status -ne 0
        # ok: shell-tls-verification-off
        echo 'failed: {{ host }}'
    end
end
# ruleid: shell-rm-unquoted
rm -rf $cache_dir
