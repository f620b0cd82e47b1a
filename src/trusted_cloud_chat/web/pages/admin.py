"""Corpus administration: files, addresses, index, articles, feedback.

Runs continue in the background: each form returns to the page, which shows their progress.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from trusted_cloud_chat.answering.wording import colon
from trusted_cloud_chat.corpus import SUFFIXES
from trusted_cloud_chat.errors import IndexEmptyError, TrustedCloudChatError
from trusted_cloud_chat.language.normalise import one_line
from trusted_cloud_chat.people.feedback import FeedbackStore
from trusted_cloud_chat.progress import spoken_time
from trusted_cloud_chat.web.guard import SENDING
from trusted_cloud_chat.web.pages.corpus import Shelf
from trusted_cloud_chat.web.pages.frame import Asked, page_router
from trusted_cloud_chat.web.pages.upkeep import Run, Upkeep

HOME = "/corpus/administration"


class Desk:
    def __init__(self, upkeep: Upkeep, shelf: Shelf) -> None:
        self.upkeep, self._shelf = upkeep, shelf

    def page(self, request: Request, trouble: str = "", *, ours: bool = True, status: int = 200) -> Response:
        """The page with the section that the address opens; `trouble`: an error of a form; `ours`: it is in the page's language."""
        asked, up, look = Asked(request), self.upkeep, Asked(request).field("look")
        run = up.runs.now
        told: dict[str, Any] = {"generation": 0, "before": None, "undoes": False}
        told |= dict.fromkeys(("gone", "findings", "feedback", "answers"), ())
        try:
            with suppress(IndexEmptyError):  # the page then shows generation 0
                told["generation"], told["before"], told["undoes"] = up.before()
            if look == "rollback" and told["before"]:
                titles = {one.article.article_id: one.article.title for one in self._shelf.read()}
                told["gone"] = [titles.get(one, one) for one in told["before"].added]
            if look == "feedback":
                told["feedback"] = [given for _, given in FeedbackStore(up.settings.home).rows()]
            if look == "answers":
                told["answers"] = up.answers.every()
        except TrustedCloudChatError as error:
            trouble, ours = trouble or str(error), False
        if look == "findings":
            told["findings"] = sorted(up.findings(), key=lambda one: ["fault", "advice", "ok"].index(one.level))
        return asked.page(
            "admin.html",
            status=status,
            up=up,
            run=run,
            progress=_progress(run, asked) if run and not run.ended else None,
            log=up.last_log().splitlines() if run is None else [],
            look=look,
            trouble=(trouble, asked.language) if ours or not trouble else reason(trouble, asked.texts),
            kinds=" ".join(sorted(SUFFIXES)),
            reason=lambda text: reason(text, asked.texts),
            notice=lambda one: notice(one, run, asked),
            verdicts=asked.strings.choices,
            most=20,  # entries shown of each list
            one_line=one_line,
            **told,
        )

    def done(self, request: Request, act: Callable[[], str | None]) -> Response:
        """Return to the page after `act`, which may return an error text, or raise."""
        try:
            wrong, ours = act() or "", True
        except (TrustedCloudChatError, OSError) as error:
            wrong, ours = str(error), False
        if wrong:
            return self.page(request, wrong, ours=ours, status=400)
        return RedirectResponse(f"{Asked(request).link(HOME)}#run", 303)

    def add_files(
        self, request: Request, files: list[UploadFile], fields: dict[str, str], *, replace: bool
    ) -> Response:
        """Uploaded files for the corpus folder; with `article` a replacement of its file."""
        said, article = Asked(request).texts["admin"], fields.pop("article", "")
        sent = [one for one in files if one.filename]

        def act() -> str:
            with TemporaryDirectory() as folder:
                paths = []
                for n, one in enumerate(sent):
                    path = Path(folder) / str(n)
                    path.write_bytes(one.file.read())
                    paths.append((one.filename or "", path))
                held = self.upkeep.held(article) if article else None
                if article and (held is None or not held.in_corpus):
                    return str(said["no_article"])
                if held:
                    done = self.upkeep.replace_file(held, *paths[0])
                else:
                    done = self.upkeep.add_files(paths, replace=replace, **fields)
            told = {"most": self.upkeep.settings.max_file_mb, "kinds": " ".join(sorted(SUFFIXES))}
            names = [str(said[one.outcome]).format(name=one.name, **told) for one in done]
            return "" if any(one.path for one in done) else " ".join(names)

        return self.done(request, act if sent else lambda: str(said["no_file"]))


def _progress(run: Run, asked: Asked) -> dict[str, Any]:
    said = asked.texts["admin"]
    step = said["steps"].get(run.step.partition(",")[0], run.step)
    told = f"{step}{colon(asked.language)} {said['of'].format(done=run.done, total=run.total)}" if run.total else ""
    told += f" ({said['left'].format(time=spoken_time(run.left))})" if run.left else ""
    return {"title": said["running"][run.kind], "told": told, "done": run.done, "total": run.total}


def reason(text: str, texts: Mapping[str, Any]) -> tuple[str, str]:
    """Why a file failed, in French if known, and the language of the text."""
    for row in texts.get("reasons", ()):
        if row["has"] in text:
            return str(row["says"]), "fr"
    return text, "en"


def notice(one: Mapping[str, str], run: Run | None, asked: Asked) -> tuple[str, str]:
    """A run's notice in the page's language, else in the words of the command."""
    kind, said = one.get("kind"), asked.texts["admin"]
    if kind is None or run is None or run.report is None:
        return reason(one["message"], asked.texts)
    told = str(said[kind]).format(generation=run.report.generation, before=one.get("before"), named=one.get("named"))
    if (forgotten := one.get("forgotten", "0")) != "0":
        told += f" {said['forgotten'].format(n=forgotten)}"
    return told, asked.language


def admin_router(upkeep: Upkeep, shelf: Shelf) -> APIRouter:
    """Each route refuses other roles: hiding a form does not prevent a request."""
    router, desk = page_router(administrators=True), Desk(upkeep, shelf)

    def begun(request: Request, start: Callable[[], bool], otherwise: str = "busy") -> Response:
        said = Asked(request).texts["admin"]
        return desk.done(request, lambda: "" if start() else str(said[otherwise]))

    @router.get(HOME)
    def administration(request: Request) -> Response:
        return desk.page(request)

    @router.post(f"/{SENDING}")
    async def send(request: Request) -> Response:
        async with request.form() as sent:
            files = [one for one in sent.getlist("files") if isinstance(one, UploadFile)]
            fields = {name: str(sent.get(name, "")) for name in ("day", "publisher", "article")}
            replace = sent.get("replace") == "true"
            return await asyncio.to_thread(desk.add_files, request, files, fields, replace=replace)

    @router.post("/corpus/adresse")
    def address(request: Request, address: Annotated[str, Form()] = "") -> Response:
        return begun(request, lambda: upkeep.add_address(address))

    @router.post("/corpus/fichier")
    def delete_file(request: Request, path: Annotated[str, Form()]) -> Response:
        return begun(request, lambda: upkeep.delete_file(path))

    @router.post("/corpus/index")
    def update(request: Request) -> Response:
        return begun(request, upkeep.update)

    @router.post("/corpus/retour")
    def roll_back(request: Request, generation: Annotated[int, Form()]) -> Response:
        return begun(request, lambda: upkeep.rollback(generation), "moved")

    @router.get("/corpus/retrait")
    def ask_to_remove(request: Request) -> Response:
        asked = Asked(request)
        if (held := upkeep.held(asked.field("article"))) is None:
            return asked.missing(asked.texts["reader"]["unknown"])
        return asked.page("remove.html", held=held, most_mb=upkeep.settings.max_file_mb)

    @router.post("/corpus/retrait")
    def remove(request: Request, article: Annotated[str, Form()], file: Annotated[bool, Form()] = False) -> Response:
        return desk.done(request, partial(upkeep.remove, article, file=file))

    return router
