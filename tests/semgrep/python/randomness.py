import os
import random
import secrets
import string
import time


def session(response, user):
    # ruleid: python-weak-random-secret
    session_token = "".join(random.choice(string.ascii_letters) for _ in range(32))
    part = str(random.random())[2:]
    # ruleid: python-weak-random-secret
    user.session_id = part
    # ruleid: python-weak-random-secret
    user.api_key = str(random.getrandbits(128))
    # ruleid: python-weak-random-secret, python-session-cookie-without-secure
    response.set_cookie("visitor", str(random.random()))
    # ok: python-weak-random-secret
    session_token = secrets.token_urlsafe(32)
    # ok: python-weak-random-secret
    session_token = str(random.SystemRandom().getrandbits(128))
    # ok: python-weak-random-secret
    delay = random.uniform(1, 2)
    # ok: python-weak-random-secret
    colour = random.choice(["red", "green"])


def generate_password(length):
    letters = [random.choice(string.printable) for _ in range(length)]
    # ruleid: python-weak-random-secret
    return "".join(letters)


def generate_noise(length):
    # ok: python-weak-random-secret
    return [random.gauss(0, 1) for _ in range(length)]


def seeds():
    # ruleid: python-fixed-seed-for-secret
    random.seed(time.time())
    # ruleid: python-fixed-seed-for-secret
    generator = random.Random(os.getpid())
    # ok: python-fixed-seed-for-secret
    generator = random.Random(42)
    # ok: python-fixed-seed-for-secret
    random.seed()
