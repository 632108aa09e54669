import json
import marshal
import pickle
import pickle as pk
import shelve
from pickle import load

import numpy
import numpy as np
import torch
import yaml
from ruamel.yaml import YAML


def read(path, raw, stream):
    # ruleid: python-unsafe-pickle
    state = pickle.load(open(path, "rb"))
    # ruleid: python-unsafe-pickle
    state = load(stream)
    # ruleid: python-unsafe-pickle
    state = pk.loads(raw)
    # ruleid: python-unsafe-pickle
    cache = shelve.open(path)
    # ok: python-unsafe-pickle
    state = json.load(open(path, "rb"))
    # ok: python-unsafe-pickle
    copy = pickle.loads(pickle.dumps(state))
    # ok: python-unsafe-pickle
    return pickle.dumps(state)


def test_round_trip(value):
    raw = pickle.dumps(value, protocol=2)
    # ok: python-unsafe-pickle
    assert pickle.loads(raw) == value


def models(path):
    # ruleid: python-unsafe-model-load
    torch.load(path, weights_only=False)
    # ruleid: python-unsafe-model-load
    np.load(path, allow_pickle=True)
    # ok: python-unsafe-model-load
    torch.load(path, weights_only=True)
    # ok: python-unsafe-model-load
    numpy.load(path)


def documents(text):
    # ruleid: python-unsafe-yaml
    yaml.load(text)
    # ruleid: python-unsafe-yaml
    yaml.load(text, Loader=yaml.Loader)
    # ruleid: python-unsafe-yaml
    yaml.load(text, yaml.UnsafeLoader)
    # ruleid: python-unsafe-yaml
    YAML(typ="unsafe")
    # ok: python-unsafe-yaml
    yaml.safe_load(text)
    # ok: python-unsafe-yaml
    yaml.load(text, Loader=yaml.CSafeLoader)
    # ok: python-unsafe-yaml
    yaml.load(text, Loader=OurSafeLoader)
    # ok: python-unsafe-yaml
    YAML(typ="safe")


def code(raw, stream):
    # ruleid: python-marshal-load
    marshal.loads(raw)
    # ruleid: python-marshal-load
    marshal.load(stream)
    # ok: python-marshal-load
    marshal.loads(marshal.dumps(stream))
    # ok: python-marshal-load
    marshal.dumps(stream)
