#!/usr/bin/env bash
# eval "$1" in a comment is no command
# ruleid: shell-eval-input
eval "$1"
run() {
  # ruleid: shell-eval-input
  eval "$@" >/dev/null
}
# ruleid: shell-eval-input
if [ -n "$QUERY_STRING" ]; then eval $QUERY_STRING; fi
# ruleid: shell-eval-input
exec bash -c "$1"
# ok: shell-eval-input
eval "$(ssh-agent -s)"
# ok: shell-eval-input
echo "usage: eval \$1"
# ok: shell-eval-input
"$@"
# ok: shell-eval-input
bash -c 'printf "%s\n" "$1"' bash "$1"
cat <<EOF
Usage:
  eval "$1"
EOF
# ruleid: shell-eval-variable
eval $command
# ruleid: shell-eval-variable
eval "tar -xf ${archive} -C $target"
# ruleid: shell-eval-variable
sh -c "ls $directory"
# ruleid: shell-eval-variable
[ -n "$x" ] && eval "$1=\$value"
# ok: shell-eval-variable
"${command[@]}"
# ok: shell-eval-variable
eval "$(direnv hook bash)"
# ok: shell-eval-variable
sh -c 'ls "$1"' sh "$directory"
# ok: shell-eval-variable
my_eval "$command"
# ruleid: shell-command-from-file-name
find . -name '*.txt' -exec sh -c 'wc -l {}' \;
# ruleid: shell-command-from-file-name
ls uploads | xargs -I{} bash -c "convert {} {}.png"
# ok: shell-command-from-file-name
find . -name '*.txt' -exec sh -c 'wc -l "$1"' sh {} \;
# ok: shell-command-from-file-name
find . -name '*.txt' -print0 | xargs -0 wc -l
