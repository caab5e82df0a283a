"""Exports as jobs: requested for a purpose, approved, run once, kept sealed for a day. Never a bare download."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from audience_builder.access import Permission, Principal, require
from audience_builder.access.fields import Right
from audience_builder.audience.columns import COLUMNS, USER_ID, ExportColumn, chosen, has_contacts
from audience_builder.audience.export_files import ExportFiles
from audience_builder.audience.formats import FORMATS
from audience_builder.audience.runner import POLICY, ExportRunner, Progress, fingerprint
from audience_builder.errors import BusyError, ConflictError, DeniedError, InputError, NotFoundError
from audience_builder.rule.canonical import canonical, rule_hash
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.rights import RuleRights, is_intimate
from audience_builder.rule.tree import Rule
from audience_builder.store import ExportJob, ExportState, Note, Store, Unit

_MOST_PURPOSE = 500


class Approval(StrEnum):
    """Who approves exports of pseudonymous columns: the policy itself, or a person who is not the one that asks."""

    POLICY = "policy"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWish:
    """What somebody wants exported, and for which purpose. `audience` is (id, version) where the rule is a saved one's."""

    rule: Rule
    purpose: str
    columns: tuple[str, ...] = ()
    format: str = "csv"
    with_bom: bool = False
    audience: tuple[str, int] | None = None
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExportPolicy:
    """Who approves exports, and which fields somebody may draw them by and have in them."""

    approval: Approval
    rights: RuleRights


class Exports:
    """Takes requests and approvals, hands approved jobs to the runner, and gives files to who requested them."""

    def __init__(
        self,
        *,
        store: Store,
        runner: ExportRunner,
        files: ExportFiles,
        policy: ExportPolicy,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._runner = runner
        self._files = files
        self._approval = policy.approval
        self._rights = policy.rights
        self._now = now
        self._new_id = new_id

    @property
    def approval(self) -> Approval:
        """Who approves exports of pseudonymous columns."""
        return self._approval

    def request(self, principal: Principal, wish: ExportWish) -> ExportJob:
        """A new job; where the policy approves it is approved and started at once."""
        require(principal, Permission.REQUEST_EXPORT)
        self._rights.require(principal, wish.rule)
        self._require_columns(principal, wish.columns)
        job = self._job(principal, wish)
        if has_contacts(job.columns):
            require(principal, Permission.EXPORT_CONTACTS)
        with self._store.unit(principal) as unit:
            unit.exports.put(job)
            unit.note(_request(job, wish.rule))
            if self._approval is Approval.POLICY and not has_contacts(job.columns) and not is_intimate(wish.rule):
                job = _approved(job, POLICY, self._now())
                unit.exports.put(job)
                unit.audit("export.approve", job.id, approved_by=POLICY, approved_for=job.approved_for)
        return self._started(job)

    def approve(self, principal: Principal, job_id: str) -> ExportJob:
        """Approve what somebody else requested, and start it. Raises DeniedError for one's own, and for a rule one wrote oneself."""
        require(principal, Permission.APPROVE)
        with self._store.unit(principal) as unit:
            job = unit.exports.named(job_id)
            if has_contacts(job.columns):
                require(principal, Permission.APPROVE_CONTACTS)
            if principal.id in (job.principal, _last_editor(unit, job)):
                raise DeniedError("nobody approves their own request or rule", fix="Ask another approver.")
            if job.state is not ExportState.REQUESTED:
                raise ConflictError(f"this export is {job.state} already", fix="Look at it before you approve it.")
            rule = parse_rule(job.rule)
            self._rights.require(principal, rule, right=Right.SEE)
            if is_intimate(rule) and not principal.may(Permission.APPROVE_CONTACTS):
                raise DeniedError("this list is drawn by intimate stays", fix="Ask the data protection officer.")
            job = _approved(job, principal.id, self._now())
            unit.exports.put(job)
            unit.audit("export.approve", job.id, approved_by=principal.id, approved_for=job.approved_for)
        return self._started(job)

    def ending(self, job_id: str) -> Future[None] | None:
        """Done when the job has ended; None for one that is not on its way."""
        return self._runner.ending(job_id)

    def progress(self, job: ExportJob) -> Progress | None:
        """How many of its rows are written, while it is being written."""
        return self._runner.progress(job.id)

    def show(self, principal: Principal, job_id: str) -> ExportJob:
        """One's own job, or anybody's for who approves. Raises NotFoundError."""
        self._runner.expire()
        with self._store.unit(principal) as unit:
            job = unit.exports.named(job_id)
            if not _is_theirs(principal, job):
                raise DeniedError("this export is somebody else's", fix="Ask an approver.")
            unit.audit("export.show", job.id)
            return job

    def list(self, principal: Principal) -> list[ExportJob]:
        """One's own jobs, or everybody's for who approves; newest first."""
        self._runner.expire()
        with self._store.unit(principal) as unit:
            unit.audit("export.list", "exports")
            return [job for job in unit.exports.all() if _is_theirs(principal, job)]

    def file(self, principal: Principal, job_id: str) -> tuple[ExportJob, Iterator[bytes]]:
        """The finished file of one's own job, opened as it is read. It was proven whole before anything of it is told.

        Raises BusyError before it is done, NotFoundError once it is gone, SealedError where it was changed.
        """
        require(principal, Permission.DOWNLOAD_EXPORT)
        self._runner.expire()
        with self._store.unit(principal) as unit:
            job = unit.exports.named(job_id)
            if job.principal != principal.id:
                raise DeniedError("only who requested an export may have its file", fix="Request one yourself.")
            self._require_columns(principal, job.columns)  # as it is today, not when it was requested
            _require_done(job)
        if has_contacts(job.columns):
            require(principal, Permission.EXPORT_CONTACTS)
        chunks = self._files.opened(job)
        with self._store.unit(principal) as unit:
            unit.audit("export.download", job.id, count=job.count, digest=job.digest, columns=list(job.columns))
        return job, chunks

    def columns(self, principal: Principal) -> tuple[ExportColumn, ...]:
        """The columns that an export of this principal may have besides the user id."""
        return tuple(each for each in COLUMNS.values() if self._rights.may(principal, each.filter, Right.EXPORT))

    def recover(self) -> None:
        """Once after a start: end what was running when the process died, and run what was approved."""
        self._runner.recover()

    def _require_columns(self, principal: Principal, columns: Sequence[str]) -> None:
        self._rights.require_fields(principal, [each.filter for each in chosen(columns)], Right.EXPORT)

    def _job(self, principal: Principal, wish: ExportWish) -> ExportJob:
        purpose = wish.purpose.strip()
        if not purpose or len(purpose) > _MOST_PURPOSE:
            raise InputError("an export has a purpose", fix="Say in a sentence what the list is for.")
        if wish.format not in FORMATS:
            raise InputError(f"no format {wish.format!r:.40}", fix=f"One of {', '.join(FORMATS)}.")
        now = self._now()
        return ExportJob(
            id=self._new_id(), principal=principal.id, purpose=purpose, columns=(USER_ID, *_without_id(wish.columns)),
            format=wish.format, with_bom=wish.with_bom, rule=to_json(wish.rule), rule_hash=rule_hash(wish.rule),
            audience_id=wish.audience[0] if wish.audience else None,
            audience_version=wish.audience[1] if wish.audience else None,
            requested_at=now, as_of=wish.as_of or now, state=ExportState.REQUESTED,
        )  # fmt: skip

    def _started(self, job: ExportJob) -> ExportJob:
        if job.state is ExportState.APPROVED:
            self._runner.start(job)
        return job


def _last_editor(unit: Unit, job: ExportJob) -> str | None:
    """Who wrote the version of the audience that would be exported; None for a rule that is no saved one."""
    versions = unit.audiences.versions(job.audience_id) if job.audience_id else []
    return next((each.author for each in versions if each.version == job.audience_version), None)


def _request(job: ExportJob, rule: Rule) -> Note:
    detail = {"purpose": job.purpose, "columns": list(job.columns), "audience": job.audience_id}
    return Note(action="export.request", subject=job.id, detail=detail, rules=(canonical(rule),))


def _without_id(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(key for key in columns if key != USER_ID)


def _approved(job: ExportJob, approver: str, at: datetime) -> ExportJob:
    return replace(job, state=ExportState.APPROVED, approved_by=approver, approved_at=at, approved_for=fingerprint(job))


def _is_theirs(principal: Principal, job: ExportJob) -> bool:
    own = job.principal == principal.id and principal.may(Permission.REQUEST_EXPORT)
    return own or principal.may(Permission.APPROVE)


def _require_done(job: ExportJob) -> None:
    if job.state in (ExportState.REQUESTED, ExportState.APPROVED, ExportState.RUNNING):
        raise BusyError(f"this export is {job.state}, not done yet", fix="Look again in a moment.")
    if job.state is not ExportState.DONE:
        raise NotFoundError(f"this export has no file: it is {job.state}", fix="Request it again.")
