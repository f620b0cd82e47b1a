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
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from trusted_cloud_chat.api import build_api
from trusted_cloud_chat.errors import PortInUseError, SettingsError
from trusted_cloud_chat.feedback import FeedbackStore
from trusted_cloud_chat.library import OpenAssistant
from trusted_cloud_chat.models import Embedder
from trusted_cloud_chat.models.nearby import Nearby, told
from trusted_cloud_chat.operation import logs
from trusted_cloud_chat.operation.metrics import Metrics
from trusted_cloud_chat.operation.stopping import let_finish
from trusted_cloud_chat.operation.tracing import tracer_of, traces_to
from trusted_cloud_chat.operation.watching import Watch
from trusted_cloud_chat.people import read_people
from trusted_cloud_chat.rate import Rate
from trusted_cloud_chat.schema import Language
from trusted_cloud_chat.settings import Settings
from trusted_cloud_chat.web.guard import Guard, is_loopback
from trusted_cloud_chat.wiring import build_assistant, build_embedder, build_written, find_nearby

if TYPE_CHECKING:
    from trusted_cloud_chat.web.limits import Limits

_STYLES = ("style.css", "sources.css", "reader.css", "market.css", "people.css", "talks.css")
_SCRIPTS = ("page.js", "reader.js", "market.js", "keeper.js", "talks.js", "dates.js", "keys.js")
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
    logs.set_up(settings)
    check_people(settings)
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
        tracer_of(settings) as tracer,
        closing(build_assistant(settings, embedder)) as assistant,
        TemporaryDirectory(prefix="trusted-cloud-chat-") as folder,
    ):
        watch = Watch(Metrics(assistant.coverage), tracer=tracer, log_questions=settings.log_questions)
        assistant.watch(watch)
        # Read by Gradio when a component is made: what a session exports is private and goes with the server.
        os.environ["GRADIO_TEMP_DIR"] = folder
        from trusted_cloud_chat.web.export import settings_that_matter
        from trusted_cloud_chat.web.handlers import Handlers
        from trusted_cloud_chat.web.limits import Limits
        from trusted_cloud_chat.web.page import build_page
        from trusted_cloud_chat.web.visitors import Visitors
        from trusted_cloud_chat.web.voices import Voices

        limits = Limits(Rate(0 if is_alone(settings) else settings.questions_a_minute))
        voices = Voices(
            assistant,
            look=lambda: _nearby(settings),
            write=lambda found: build_written(settings, assistant, embedder, found),
        )
        page = build_page(
            Handlers(assistant, voices=voices),
            exports=Path(folder),
            settings=settings_that_matter(settings),
            notice=notice if callable(notice) else lambda _: notice,
            visitors=Visitors(limits, FeedbackStore(settings.home)),
        )
        api = build_api(OpenAssistant(settings, embedder, assistant), watch, limits.rate)
        app = build_app(page, api, settings, limits, exports=Path(folder))
        address = _address(settings.host, listener.getsockname()[1])
        for line in (*told(_nearby(settings)), *_traced(settings)):
            logs.say(line)
        _run(app, listener, lambda: _announce(address, settings, open_browser=open_browser), watch, settings)


def _traced(settings: Settings) -> list[str]:
    where = traces_to(settings)
    return (
        [f"Spans of requests and questions, without their words, go to {where} (TCC_OPENTELEMETRY)."] if where else []
    )


def _nearby(settings: Settings) -> tuple[Nearby, ...]:
    """The models of this machine that whoever opens the page may choose: none where others than its user may open it."""
    return find_nearby(settings) if is_alone(settings) else ()


def is_alone(settings: Settings) -> bool:
    """Whether nobody but the user of this machine reaches the page."""
    return is_loopback(settings.host) and not settings.proxies


def check_people(settings: Settings) -> None:
    """Raises SettingsError where anybody could come in, and nobody has said that they may."""
    file = settings.users_file
    if settings.users and not file.exists():
        raise SettingsError(f"TCC_USERS={file} is not there: `trusted-cloud-chat users add NAME --admin` makes it")
    if read_people(file).entries or is_alone(settings) or settings.anybody_may_read:
        return
    raise SettingsError(
        f"others than this machine's user would reach the page on {settings.host}, and nobody is written down who may: name "
        "them with `trusted-cloud-chat users add NAME --admin`, or let anybody read with TCC_ANYBODY_MAY_READ=1"
    )


def build_app(page: Any, api: FastAPI, settings: Settings, limits: Limits, *, exports: Path) -> ASGIApp:
    """`page`, a `gr.Blocks`, below the routes of `api`: an ASGI application that loads nothing from elsewhere."""
    import gradio as gr

    from trusted_cloud_chat.web.limits import Proxies, expire
    from trusted_cloud_chat.web.signing_in import SignIn

    gr.mount_gradio_app(
        api,
        page,
        path="/",
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        favicon_path=str(files("trusted_cloud_chat.web") / "icon.svg"),
        theme=_theme(),
        css="".join(map(_asset, _STYLES)),
        # `css` applies below a class of Gradio's, and misses what is around it.
        head=f"<style>{_asset('frame.css')}</style>" + "".join(f"<script>{_asset(name)}</script>" for name in _SCRIPTS),
    )
    expire(api, page, exports)
    people = SignIn(
        settings.users_file,
        alone=is_alone(settings),
        anybody=settings.anybody_may_read,
        tokens=settings.api_tokens is not None,
        hours=settings.session_hours,
    )
    guarded = Guard(people.required(limits.around(api)), host=settings.host)
    return Proxies(people.known(guarded), settings.proxies)


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


def _run(app: ASGIApp, listener: socket.socket, announce: Callable[[], None], watch: Watch, settings: Settings) -> None:
    """Blocks until Ctrl-C or SIGTERM; both end it without a traceback, once running answers have had their time."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                announce()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            await let_finish(watch, settings.stop_timeout_s, lambda: self.force_exit)
            await super().shutdown(sockets)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _interrupt)
    # An open page keeps a connection; it is not waited for.
    options: dict[str, Any] = {
        "log_level": "warning",
        "access_log": False,
        "proxy_headers": False,
        "timeout_graceful_shutdown": 1,
        "ws": "none",
    }
    if settings.log_format == "json":
        options["log_config"] = None  # its own would write lines of text
    config = uvicorn.Config(app, **options)
    try:
        Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        logs.say("Page closed.")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


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
