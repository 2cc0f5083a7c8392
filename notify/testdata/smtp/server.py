"""A mail server for tests: TLS, a password, and one line of JSON on standard output for each mail that it takes.

Arguments: starttls or tls, certificate, key, user, password. The first line says the port.
"""

import asyncio
import json
import ssl
import sys
from email import message_from_bytes
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def say(what):
    print(json.dumps(what), flush=True)


class Taker:
    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=default)
        parts = {p.get_content_type(): p.get_content() for p in mail.walk() if not p.is_multipart()}
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": [[k, str(v)] for k, v in mail.items()],
            "text": parts.get("text/plain", ""),
            "html": parts.get("text/html", ""),
            "tls": session.ssl is not None,
            "user": session.auth_data.login.decode() if session.auth_data else "",
        })
        return "250 taken"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 no such person"
        if address.startswith("later@"):
            return "450 later"
        envelope.rcpt_tos.append(address)
        return "250 fine"


async def main():
    security, cert, key, user, password = sys.argv[1:]
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(cert, key)
    inside = security == "tls"

    def check(server, session, envelope, mechanism, data):
        good = isinstance(data, LoginPassword) and data == LoginPassword(user.encode(), password.encode())
        return AuthResult(success=good, handled=good, auth_data=data)

    def door():
        return SMTP(
            Taker(), hostname="mail.test", authenticator=check, auth_required=True, auth_require_tls=not inside,
            tls_context=None if inside else tls, require_starttls=not inside, enable_SMTPUTF8=True,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(door, "127.0.0.1", 0, ssl=tls if inside else None)
    say({"port": server.sockets[0].getsockname()[1]})
    # The end of standard input, which comes with the end of the test, is the end of the server.
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
