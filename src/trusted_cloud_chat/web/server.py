"""`serve`: the page on a port of this machine, until Ctrl-C."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import ASGIApp, Scope

from trusted_cloud_chat.api import build_api
from trusted_cloud_chat.corpus import MEGABYTE
from trusted_cloud_chat.errors import PortInUseError, SettingsError
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.nearby import Nearby, told
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat.web.guard import Guard, is_loopback
from trusted_cloud_chat.web.tabs.roles import role_of
from trusted_cloud_chat.wiring import build_assistant, build_embedder, build_written, find_nearby

_FILES_AT_ONCE = 10
"""Of the largest size: what one request may send."""
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  (compared with, not bound)


def serve_page(
    settings: Settings,
    *,
    embedder: Embedder | None = None,
    open_browser: bool = False,
    notice: Callable[[Language], str | None] | str | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM. `notice`, one text or one for each language of the page, stands on it for good.

    Raises PortInUseError or SettingsError before anything is loaded.
    """
    with _listening(settings.host, settings.port) as listener:
        _serve(settings, listener, embedder or build_embedder(settings), open_browser=open_browser, notice=notice)


def _serve(
    settings: Settings,
    listener: socket.socket,
    embedder: Embedder,
    *,
    open_browser: bool,
    notice: Callable[[Language], str | None] | str | None,
) -> None:
    with (
        closing(build_assistant(settings, embedder)) as assistant,
        TemporaryDirectory(prefix="trusted-cloud-chat-") as folder,
    ):
        # Read by Gradio when a component is made: what a session exports is private and goes with the server.
        os.environ["GRADIO_TEMP_DIR"] = folder
        from trusted_cloud_chat.web.export import settings_that_matter
        from trusted_cloud_chat.web.handlers import Handlers
        from trusted_cloud_chat.web.page import build_page
        from trusted_cloud_chat.web.tabs.desk import build_desk
        from trusted_cloud_chat.web.voices import Voices

        voices = Voices(
            assistant,
            look=lambda: _nearby(settings),
            write=lambda found: build_written(settings, assistant, embedder, found),
        )
        opened = OpenAssistant(settings, embedder, assistant)
        handlers = Handlers(assistant, voices=voices)
        page = build_page(
            handlers,
            desk=build_desk(opened, handlers, Path(folder)),
            exports=Path(folder),
            settings=settings_that_matter(settings),
            notice=notice if callable(notice) else lambda _: notice,
        )
        app = build_app(page, build_api(opened), host=settings.host, max_file_mb=settings.max_file_mb)
        address = _address(settings.host, listener.getsockname()[1])
        for line in told(_nearby(settings)):
            print(line, file=sys.stderr, flush=True)
        _run(app, listener, lambda: _announce(address, settings.host, open_browser=open_browser))


def _nearby(settings: Settings) -> tuple[Nearby, ...]:
    """The models of this machine that whoever opens the page may choose: none where others than its user may open it."""
    return find_nearby(settings) if is_loopback(settings.host) else ()


def build_app(page: Any, api: FastAPI, *, host: str, max_file_mb: int = 1) -> ASGIApp:
    """`page`, a `gr.Blocks`, below the routes of `api`: served on `host`, as an ASGI application that loads nothing from elsewhere.

    `max_file_mb`: of a file that an administrator sends.
    """
    import gradio as gr

    gr.mount_gradio_app(
        api,
        page,
        path="/",
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=max_file_mb * MEGABYTE,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        favicon_path=str(files("trusted_cloud_chat.web") / "icon.svg"),
        theme=_theme(),
        css=_asset("style.css") + _asset("sources.css") + _asset("tabs.css"),
        # `css` applies below a class of Gradio's, and misses what is around it.
        head=f"<style>{_asset('frame.css')}</style><script>{_asset('page.js')}</script>",
    )
    return Guard(api, host=host, uploads=lambda scope: _may_send(scope, _FILES_AT_ONCE * max_file_mb * MEGABYTE))


def _may_send(scope: Scope, most: int) -> int:
    """How many bytes of files whoever asks may send at once."""
    return most if role_of(Request(scope)) == "admin" else 0


def _asset(name: str) -> str:
    return (files("trusted_cloud_chat.web") / name).read_text(encoding="utf-8")


def _theme() -> Any:
    """Gradio's plainest theme over the system's own fonts: nothing is fetched."""
    import gradio as gr

    return gr.themes.Base(
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "Liberation Sans", "sans-serif"],
        font_mono=["ui-monospace", "Consolas", "Liberation Mono", "monospace"],
    ).set(body_background_fill="#f4f5f7", body_background_fill_dark="#11151b")


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens from now on, so that nobody takes the port while the page is being built."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        if sys.platform != "win32":  # where it would let two servers share a port
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


def _run(app: ASGIApp, listener: socket.socket, announce: Callable[[], None]) -> None:
    """Blocks until Ctrl-C or SIGTERM; both end it without a traceback."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                announce()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _interrupt)
    # An open page keeps a connection; it is not waited for.
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1, ws="none")
    try:
        Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        print("Page closed.", file=sys.stderr)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _announce(address: str, host: str, *, open_browser: bool) -> None:
    print(f"Page: {address}  (Ctrl-C stops it)", file=sys.stderr, flush=True)
    if not is_loopback(host):
        print(f"Anyone who reaches {host} can ask questions: there is no password.", file=sys.stderr, flush=True)
    if open_browser and _has_display():
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in _EVERYWHERE else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _has_display() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
