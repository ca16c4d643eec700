#!/usr/bin/env python3
"""Checks an evidence bundle of ProbeNet's offline, with nothing but Python 3: verify.py BUNDLE [IDENTITY-KEY-IN-HEX]

Prints what is proven and by whom; the exit code is 1 when anything in the bundle contradicts itself.
"""
import hashlib, json, sys, uuid, zipfile
from datetime import date, datetime, timedelta, timezone

# Ed25519 (RFC 8032, 5.1): points as (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)

def point(b):
    y, sign = int.from_bytes(b, "little") & 2**255 - 1, b[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * ROOT % P
    if y >= P or x * x % P != square:
        raise ValueError("no point")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P

def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * D, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        q, p, n = add(q, p) if n & 1 else q, add(p, p), n >> 1
    return q

def signed(key, context, statement, signature):
    try:
        r, a, s = point(signature[:32]), point(key), int.from_bytes(signature[32:], "little")
    except (ValueError, IndexError):
        return False
    message = b"probenet/v1/" + context + b"\0" + statement
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    left, right = times(s, point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))), add(r, times(h, a))
    return s < ORDER and len(signature) == 64 and all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))

def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

def root(leaf, index, count, path):  # RFC 6962, 2.1.1: path from the leaf upwards
    if count == 1:
        return leaf if not path else b""
    split = 1 << (count - 1).bit_length() - 1
    if not path or not 0 <= index < count:
        return b""
    if index < split:
        return sha(b"\1", root(leaf, index, split, path[:-1]), path[-1])
    return sha(b"\1", path[-1], root(leaf, index - split, count - split, path[:-1]))

def message(b):  # protobuf: the last value of every field
    at, fields = 0, {}
    def varint():
        nonlocal at
        value = shift = 0
        while True:
            value, shift, at = value | (b[at] & 127) << shift, shift + 7, at + 1
            if b[at - 1] < 128:
                return value
    while at < len(b):
        tag = varint()
        if tag & 7 == 0:
            fields[tag >> 3] = varint()
        else:
            size = varint() if tag & 7 == 2 else {1: 8, 5: 4}[tag & 7]
            fields[tag >> 3], at = b[at:at + size], at + size
    return fields

def uid(seconds, leaf):
    b = bytearray((seconds * 1000 << 16).to_bytes(8, "big")[:6] + leaf[:10])
    b[6], b[8] = b[6] & 15 | 112, b[8] & 63 | 128
    return str(uuid.UUID(bytes=bytes(b)))

false, EPOCH = [], date(1970, 1, 1)
def check(holds, text):
    print(("holds  " if holds else "FALSE  ") + text)
    if not holds:
        false.append(text)

def main(path, pinned=None):
    with zipfile.ZipFile(path) as z:
        files = {name: z.read(name) for name in z.namelist()}
        check(len(files) == len(z.namelist()), "no file is there twice")
    index = json.loads(files["bundle.json"])
    hexes, day = bytes.fromhex, lambda text: (date.fromisoformat(text) - EPOCH).days
    said, seal_said, log, identity = index["measurement"], index["seal"], index["log"], hexes(index["identity"])
    check(index["format"] == "probenet-evidence/2", "the format is the one that this script knows")
    check(pinned is None or pinned.lower() == index["identity"], "the collector is the one expected")
    check(signed(identity, b"bundle", files["bundle.json"], hexes(files["bundle.sig"].decode())), "the collector " + index["identity"] + " signed the list of contents")
    for name in sorted(set(files) - {"bundle.json", "bundle.sig"} | set(index["files"])):
        check(name in files and sha(files[name]).hex() == index["files"].get(name), name + " is the file on the list of contents")

    leaf = sha(b"\0", sha(b"\2", hexes(said["facts_salt"]), files["facts.bin"]), hexes(said["circumstance_hash"]))
    check(leaf.hex() == said["leaf"], "the leaf is made of these facts")
    if "circumstance.bin" in files:
        time = message(files["circumstance.bin"])[1]
        check(sha(b"\3", hexes(said["circumstance_salt"]), files["circumstance.bin"]).hex() == said["circumstance_hash"], "and of this circumstance")
        check(uid(time, leaf) == said["uid"], "the identifier is made of leaf and time")
        check(datetime.fromtimestamp(time, timezone.utc).date().isoformat() == said["day"], "the day is that of the circumstance")

    if "seal.bin" in files:
        seal, certificate = message(files["seal.bin"]), message(files["certificate.bin"])
        header, known = message(seal[1]), message(certificate[1])
        check(signed(header[1], b"seal", seal[1], seal[2]), "the volunteer's key signed the seal")
        check(sha(seal[1], seal[2]).hex() == seal_said["hash"], "the seal is the one that receipt and log name")
        check(header[5] == seal_said["count"], "the batch is as large as the seal says")
        if seal_said["path"] is not None:
            check(root(leaf, seal_said["index"], header[5], [hexes(h) for h in seal_said["path"]]) == header[4], "the measurement is under the signed root")
        check(signed(identity, b"certificate", certificate[1], certificate[2]), "the collector signed the key's certificate")
        check((known[1], known.get(6, 0)) == (header[1], said["asn"]), "the certificate is for this key and network")
    receipt = message(files["receipt.bin"])
    arrived = message(receipt[1])
    check(signed(identity, b"receipt", receipt[1], receipt[2]) and arrived[1].hex() == seal_said["hash"], "the collector signed that it had this batch on " + str(EPOCH + timedelta(arrived[6])))

    if log and log["head"]:
        head, number = log["head"], lambda n: n.to_bytes(8, "big")
        entry = sha(b"\0", hexes(seal_said["hash"]), day(log["day"]).to_bytes(4, "big"))
        check(root(entry, log["index"] - head["first_index"], head["size"], [hexes(h) for h in head["path"]]).hex() == head["root"], "the batch is under the tree head of its day")
        entry = sha(b"\0", day(log["day"]).to_bytes(4, "big"), number(head["first_index"]), number(head["size"]), hexes(head["root"]))
        check(root(entry, head["number"], head["days"], [hexes(h) for h in head["log_path"]]).hex() == head["log_root"], "the tree head of the day is in the log of days")
        statement = number(head["days"]) + day(head["last_day"]).to_bytes(4, "big") + hexes(head["log_root"])
        check(signed(identity, b"log-head", statement, hexes(head["signature"])), "the collector signed the log of days")

        if "timestamp.tst" in files:  # its signature is for "openssl ts -verify": README.txt has the command
            check(files["log-head.bin"] == statement and sha(statement) in files["timestamp.tst"], "the time stamp names this state of the log")

    for control in index["controls"]:
        sealed = message(files["controls/" + control["uid"] + ".bin"])
        own = sha(b"\0", sha(b"\2", sealed[2], sealed.get(1, b"")), sha(b"\3", sealed[4], sealed[3]))
        check(uid(message(sealed[3])[1], own) == control["uid"], "control " + control["uid"] + " has the bytes that its identifier is made of")
    for rule in json.loads(files["rules.json"])["fired"]:
        text = "".join(str(rule[name]) + "\n" for name in ("rule", "effect", "weight", "condition", "source", "example"))
        check(sha(text.encode()).hex() == rule["hash"], "rule " + rule["rule"] + " has the text that its hash is of")
    print("\n" + files["PROVEN.txt"].decode())

try:
    main(*sys.argv[1:])
except Exception as error:  # whatever is missing or malformed, the bundle does not hold
    check(False, "the bundle can be read: " + repr(error))
print("The bundle does not hold." if false else "The bundle holds.")
sys.exit(1 if false else 0)
