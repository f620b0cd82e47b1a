"""`trusted-cloud-chat mcp`: the tools over standard input and output, which carry only the protocol."""

import asyncio
import os
import signal
from contextlib import ExitStack, suppress
from importlib.util import find_spec

import typer

from trusted_cloud_chat.commands import load_settings
from trusted_cloud_chat.errors import SettingsError

mcp_app = typer.Typer()
_ANSWER_IS_SENT_S = 0.2


@mcp_app.command()
def mcp() -> None:
    """Offer ask, search, article and market_state to a program that speaks the Model Context Protocol (stdio)."""
    from trusted_cloud_chat.api.application import MISSING

    settings = load_settings()
    if find_spec("mcp") is None:
        raise SettingsError(MISSING)
    from trusted_cloud_chat.api.answering import Answering
    from trusted_cloud_chat.api.tools import build_tools
    from trusted_cloud_chat.library import OpenAssistant
    from trusted_cloud_chat.operation import logs
    from trusted_cloud_chat.operation.tracing import tracer_of
    from trusted_cloud_chat.operation.watching import Watch, let_finish
    from trusted_cloud_chat.output.reporting import leaving_notice

    logs.set_up(settings)
    if notice := leaving_notice(settings, "en"):
        logs.say(notice)
    with ExitStack() as stack:
        tracer = stack.enter_context(tracer_of(settings))
        opened = stack.enter_context(OpenAssistant(settings))
        watch = Watch(opened.coverage, tracer=tracer, log_questions=settings.log_questions)
        opened.assistant.watch(watch)

        async def serve() -> None:
            """Serve until the client leaves or SIGTERM; then running answers may finish, and the process ends with status 0."""
            stopped = asyncio.Event()

            async def end() -> None:
                await stopped.wait()
                await let_finish(watch, settings.stop_timeout_s)
                await asyncio.sleep(_ANSWER_IS_SENT_S)
                stack.close()
                os._exit(0)  # a thread still blocks on standard input

            for number in (signal.SIGTERM, signal.SIGINT):
                with suppress(NotImplementedError):  # on Windows
                    asyncio.get_running_loop().add_signal_handler(number, stopped.set)
            ending = asyncio.create_task(end())
            await build_tools(opened, Answering()).run_stdio_async()
            ending.cancel()

        asyncio.run(serve())
