"""`serve`: runs the page on a local port until Ctrl-C."""

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from starlette.types import ASGIApp

from trusted_cloud_chat.errors import PortInUseError, SettingsError
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.nearby import told
from trusted_cloud_chat.operation import logs
from trusted_cloud_chat.operation.tracing import tracer_of, traces_to
from trusted_cloud_chat.operation.watching import Watch, let_finish
from trusted_cloud_chat.people.accounts import read_people
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat.web.guard import is_alone

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  (compared with, not bound)


def serve_page(
    settings: Settings,
    *,
    embedder: Embedder | None = None,
    open_browser: bool = False,
    notice: Callable[[Language], str | None] = lambda _: None,
) -> None:
    """Serve until Ctrl-C or SIGTERM. `notice` is always shown on the page.

    Raises PortInUseError or SettingsError before anything is loaded.
    """
    logs.set_up(settings)
    check_people(settings)
    with (
        _listening(settings.host, settings.port) as listener,
        tracer_of(settings) as tracer,
        OpenAssistant(settings, embedder) as opened,
        TemporaryDirectory(prefix="trusted-cloud-chat-") as folder,
    ):
        watch = Watch(opened.coverage, tracer=tracer, log_questions=settings.log_questions)
        opened.assistant.watch(watch)
        # Gradio reads this when a component is made: its files are private and deleted with the server.
        os.environ["GRADIO_TEMP_DIR"] = folder
        from trusted_cloud_chat.web.application import build_application, nearby_of

        app = build_application(opened, watch=watch, notice=notice)
        address = _address(settings.host, listener.getsockname()[1])
        for line in told(nearby_of(settings)):
            logs.say(line)
        if where := traces_to(settings):
            logs.say(f"Spans of requests and questions, without their words, go to {where} (TCC_OPENTELEMETRY).")
        _run(app, listener, lambda: _announce(address, settings, open_browser=open_browser), watch, settings)


def check_people(settings: Settings) -> None:
    """Raises SettingsError if others can reach the page, and there are no accounts and no permission to read without one."""
    file = settings.users_file
    if settings.users and not file.exists():
        raise SettingsError(f"TCC_USERS={file} is missing: `trusted-cloud-chat users add NAME --admin` creates it")
    if read_people(file).entries or is_alone(settings) or settings.anybody_may_read:
        return
    raise SettingsError(
        f"others could reach the page on {settings.host}, but there are no accounts: add one with `trusted-cloud-chat users add "
        "NAME --admin`, or let everybody read with TCC_ANYBODY_MAY_READ=1"
    )


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A listening socket, which reserves the port while the page is built."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        if sys.platform != "win32":  # on Windows it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen()
        except OSError as error:
            raise _refused(host, port, error) from error
        yield listener


def _refused(host: str, port: int, error: OSError) -> Exception:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else port - 1
        return PortInUseError(
            f"port {port} of {host} is in use by another program (perhaps a page that is already open): stop it, or "
            f"choose another port with `trusted-cloud-chat serve --port {other}`"
        )
    return SettingsError(
        f"cannot listen on {host!r}, port {port} ({error.strerror or error}): expected an address of this machine and "
        "a free port above 1023, as in `trusted-cloud-chat serve --host 127.0.0.1 --port 7860`"
    )


def _run(app: ASGIApp, listener: socket.socket, announce: Callable[[], None], watch: Watch, settings: Settings) -> None:
    """Blocks until Ctrl-C or SIGTERM; both let running answers finish and end without a traceback."""
    import uvicorn

    from trusted_cloud_chat.web.limits import Connection, close_late

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                self.closing = asyncio.create_task(close_late(self.server_state.connections))
                announce()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            await let_finish(watch, settings.stop_timeout_s, lambda: self.force_exit)
            logging.getLogger("uvicorn.error").addFilter(_is_news)
            await super().shutdown(sockets)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    # Open pages keep their connections: shutdown does not wait for them.
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        log_level="warning",
        # uvicorn's own configuration would write lines of text.
        log_config=None if settings.log_format == "json" else uvicorn.config.LOGGING_CONFIG,
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    try:
        Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        logs.say("Page closed.")


def _is_news(record: logging.LogRecord) -> bool:
    """False for records of open pages' connections that a stopping server cuts."""
    cut = isinstance(record.exc_info[1], asyncio.CancelledError) if record.exc_info else False
    return not cut and "timeout graceful shutdown" not in str(record.msg)


def _announce(address: str, settings: Settings, *, open_browser: bool) -> None:
    logs.say(f"Page: {address}  (Ctrl-C stops it)")
    if settings.anybody_may_read and not is_alone(settings):
        logs.say(f"Anyone who reaches {settings.host} can ask questions: TCC_ANYBODY_MAY_READ is set.")
    if open_browser and _has_display():
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in _EVERYWHERE else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _has_display() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
