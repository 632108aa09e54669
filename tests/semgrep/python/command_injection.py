import os
import shlex
import subprocess
import sys

from flask import Flask, request

app = Flask(__name__)


@app.route("/ping")
def ping():
    host = request.args.get("host")
    # ruleid: python-command-from-request, python-shell-built-command
    os.system("ping -c 1 " + host)
    # ruleid: python-command-from-request
    subprocess.run(["sh", "-c", f"ping {host}"])
    # ruleid: python-command-from-request
    subprocess.Popen([host, "-v"])
    # ok: python-command-from-request
    subprocess.run(["ping", "-c", "1", "--", host])
    # ok: python-command-from-request, python-shell-built-command, python-shell-true
    subprocess.run("ping " + shlex.quote(host), shell=True)
    count = int(request.args["count"])
    # ok: python-command-from-request
    subprocess.run(["ping", "-c", str(count), "example.org"])
    return "sent"


@app.route("/list")
def listing():
    arguments = ["sh"]
    arguments.append("-c")
    arguments.append("ls " + request.form["directory"])
    # ruleid: python-command-from-request
    subprocess.run(arguments, capture_output=True)
    return "done"


def archive(directory, command):
    # ruleid: python-shell-built-command, python-shell-true
    subprocess.check_call(f"tar -cf backup.tar {directory}", shell=True)
    line = "du -s %s" % directory
    # ruleid: python-shell-built-command, python-shell-true
    os.popen(line)
    # ok: python-shell-built-command, python-shell-true
    subprocess.check_call(["tar", "-cf", "backup.tar", directory])
    # ok: python-shell-built-command, python-shell-true
    subprocess.check_call("tar -cf backup.tar /srv", shell=True)
    # ruleid: python-shell-true
    subprocess.run(command, shell=True)
    # ok: python-shell-true
    subprocess.run(command, shell=False)
    # ok: python-shell-built-command
    subprocess.run(f"tar -cf backup.tar {directory}".split())


class Array:
    def create_host(self, name, wwn):
        # ruleid: python-command-text-to-runner
        self._run_ssh("createhost -add %s %s" % (name, wwn))
        command = f"showhost {name}"
        # ruleid: python-command-text-to-runner
        self._cli_run(command, None)
        # ok: python-command-text-to-runner
        self._run_ssh(["createhost", "-add", name, wwn])
        # ok: python-command-text-to-runner
        self._run_ssh(f"showhost {shlex.quote(name)}")
