import ftplib
import ssl

import aiohttp
import asyncssh
import httpx
import paramiko
import requests


def fetch(url, session):
    # ruleid: python-tls-verification-off
    requests.get(url, timeout=5, verify=False)
    # ruleid: python-tls-verification-off
    session.verify = False
    # ruleid: python-tls-verification-off
    httpx.Client(verify=False)
    # ruleid: python-tls-verification-off
    aiohttp.TCPConnector(ssl=False)
    # ok: python-tls-verification-off
    requests.get(url, timeout=5)
    # ok: python-tls-verification-off
    requests.get(url, timeout=5, verify="/etc/ssl/our-ca.pem")


def context():
    # ruleid: python-tls-verification-off
    bad = ssl._create_unverified_context()
    # ok: python-tls-verification-off
    good = ssl.create_default_context()
    # ruleid: python-tls-verification-off
    good.check_hostname = False
    # ruleid: python-tls-verification-off
    good.verify_mode = ssl.CERT_NONE
    # ok: python-tls-verification-off
    good.verify_mode = ssl.CERT_REQUIRED
    # ruleid: python-weak-tls-version
    old = ssl.SSLContext(ssl.PROTOCOL_TLSv1)
    # ruleid: python-weak-tls-version
    old.minimum_version = ssl.TLSVersion.TLSv1_1
    # ok: python-weak-tls-version
    new = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # ok: python-weak-tls-version
    new.minimum_version = ssl.TLSVersion.TLSv1_2


def remote(client, host):
    # ruleid: python-ssh-host-key-unchecked
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    # ruleid: python-ssh-host-key-unchecked
    asyncssh.connect(host, known_hosts=None)
    # ok: python-ssh-host-key-unchecked
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    # ok: python-ssh-host-key-unchecked
    asyncssh.connect(host)
    # ruleid: python-cleartext-protocol
    ftplib.FTP(host)
    # ruleid: python-cleartext-protocol
    with ftplib.FTP(host, timeout=5) as ftp:
        ftp.cwd("/")
    # ok: python-cleartext-protocol
    ftplib.FTP_TLS(host)
    # ok: python-cleartext-protocol
    secure_client.FTP(host)


def checked_by_caller(context, verify, other):
    if not verify:
        # ruleid: python-tls-verification-optional
        context.check_hostname = False
        # ruleid: python-tls-verification-optional
        context.verify_mode = ssl.CERT_NONE
    # ruleid: python-tls-verification-off
    other.check_hostname = False
    if verify:
        # ok: python-tls-verification-optional
        other.verify_mode = ssl.CERT_REQUIRED
        # ok: python-tls-verification-optional
        other.check_hostname = True


# ruleid: python-weak-tls-version
def connect_with(host, version=ssl.PROTOCOL_TLSv1):
    # ruleid: python-weak-tls-version
    return open_socket(host, method=ssl.PROTOCOL_SSLv3)


# ok: python-weak-tls-version
def connect_well(host, version=ssl.PROTOCOL_TLS_CLIENT):
    return open_socket(host, method=version)
