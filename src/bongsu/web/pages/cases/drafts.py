"""Drafts of notices: what is alleged, by when and how to answer, in the language of the one who is told.

The sentences of the claims stay as they were written; whoever sends the notice has them translated where need be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bongsu.cases.checklist import untold
from bongsu.cases.finding import Claim, FindingVersion
from bongsu.cases.model import Case

#: The languages there is a draft in, each by its own name.
LANGUAGES: Final[Mapping[str, str]] = {
    "en": "English",
    "ko": "한국어",
    "zh-Hans": "简体中文",
    "ru": "Русский",
    "ja": "日本語",
    "fr": "Français",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The sentences of a notice in one language; `{member}`, `{title}` and `{day}` are what differs.

    Args:
        heading: what the letter is.
        opening: who writes, and that nothing is decided.
        alleged: before the claims.
        measures: before the measures that bear.
        deadline: by when a reply is asked for.
        answer: how to answer, and what is asked for.
        kept: what becomes of a reply, and of silence.
        day: how a day is written, from year, month and day.
    """

    heading: str
    opening: str
    alleged: str
    measures: str
    deadline: str
    answer: str
    kept: str
    day: str = "{year:04}-{month:02}-{number:02}"


DRAFTS: Final[Mapping[str, Draft]] = {
    "en": Draft(
        heading="Notice of what is alleged, and of your right to reply",
        opening="{member} is examining whether the facts below are established. Nothing has been decided. "
        "Before anything is decided, you have the right to answer.",
        alleged="It is alleged that:",
        measures="These measures of the Security Council would bear on it:",
        deadline="Please reply by {day}. If you need more time, ask for it before that day and say why.",
        answer="Answer in writing, in any language, point by point if you can, and enclose the documents you rely on. "
        "Send it to: [address of the office]. You may be represented by counsel, and you may ask to see the evidence "
        "that can be shown to you.",
        kept="Your reply is kept word for word, and every point of it is answered before anything is decided. If no "
        "reply comes, that is stated; it is not taken as an admission.",
    ),
    "ko": Draft(
        heading="혐의 사실 및 반론권 통지",
        opening="{member}은(는) 아래 사실이 인정되는지 조사하고 있습니다. 아직 아무것도 결정되지 않았습니다. "
        "결정이 내려지기 전에 귀하는 답변할 권리가 있습니다.",
        alleged="제기된 혐의는 다음과 같습니다.",
        measures="이와 관련될 수 있는 유엔 안전보장이사회 조치는 다음과 같습니다.",
        deadline="{day}까지 답변하여 주시기 바랍니다. 기한 연장이 필요하면 그 전에 사유를 밝혀 요청하여 주십시오.",
        answer="서면으로, 어느 언어로든, 가능하면 항목별로 답변하시고 근거 자료를 첨부하여 주십시오. "
        "보내실 곳: [사무소 주소]. 변호인의 도움을 받을 수 있으며, 공개 가능한 증거의 열람을 요청할 수 있습니다.",
        kept="답변은 원문 그대로 보존되며, 결정에 앞서 모든 항목에 대하여 회신이 이루어집니다. "
        "답변이 없으면 그 사실만 기재하며, 이를 혐의 인정으로 보지 않습니다.",
        day="{year}년 {month}월 {number}일",
    ),
    "zh-Hans": Draft(
        heading="关于指称事实及答辩权的通知",
        opening="{member}正在审查下列事实是否成立。目前尚未作出任何决定。在作出决定之前，贵方有权答复。",
        alleged="指称的事实如下：",
        measures="可能涉及的联合国安全理事会措施如下：",
        deadline="请于{day}之前答复。如需延期，请在该日之前提出并说明理由。",
        answer="请以书面形式答复，语言不限，尽可能逐点回应，并附上所依据的文件。"
        "寄送地址：[办公室地址]。贵方可以委托律师代理，也可以请求查阅能够向贵方出示的证据。",
        kept="贵方的答复将逐字保存，在作出决定之前，每一点都会得到回应。如未收到答复，将如实注明，且不视为承认。",
        day="{year}年{month}月{number}日",
    ),
    "ru": Draft(
        heading="Уведомление о предполагаемых фактах и о праве на ответ",
        opening="{member} рассматривает вопрос о том, установлены ли изложенные ниже факты. Решение не принято. "
        "До принятия какого-либо решения вы имеете право дать ответ.",
        alleged="Утверждается следующее:",
        measures="К этому могли бы относиться следующие меры Совета Безопасности ООН:",
        deadline="Просим ответить не позднее {day}. Если вам требуется больше времени, сообщите об этом до указанной "
        "даты и изложите причины.",
        answer="Ответьте письменно, на любом языке, по возможности по каждому пункту, и приложите документы, на "
        "которые вы ссылаетесь. Адрес: [адрес учреждения]. Вы вправе пользоваться помощью адвоката и просить об "
        "ознакомлении с доказательствами, которые могут быть вам предоставлены.",
        kept="Ваш ответ хранится дословно, и до принятия решения на каждый его пункт даётся ответ. Если ответа не "
        "будет, это будет указано; молчание не считается признанием.",
        day="{number:02}.{month:02}.{year}",
    ),
    "ja": Draft(
        heading="指摘事実および反論の権利に関する通知",
        opening="{member}は、以下の事実が認められるかどうかを調査しています。まだ何も決定されていません。"
        "決定に先立ち、貴殿には回答する権利があります。",
        alleged="指摘されている事実は次のとおりです。",
        measures="関係し得る国連安全保障理事会の措置は次のとおりです。",
        deadline="{day}までにご回答ください。期限の延長が必要な場合は、同日までに理由を添えてお申し出ください。",
        answer="書面により、いずれの言語でも、可能であれば項目ごとにご回答いただき、根拠となる文書を添付してください。"
        "送付先：[事務所の住所]。弁護士を代理人とすることができ、開示可能な証拠の閲覧を求めることもできます。",
        kept="ご回答は原文のまま保存され、決定に先立ち、すべての項目について回答が示されます。"
        "回答がない場合はその旨のみを記載し、事実を認めたものとは扱いません。",
        day="{year}年{month}月{number}日",
    ),
    "fr": Draft(
        heading="Notification des faits allégués et du droit de réponse",
        opening="{member} examine si les faits ci-dessous sont établis. Rien n’est décidé. Avant toute décision, vous "
        "avez le droit de répondre.",
        alleged="Il est allégué que :",
        measures="Les mesures suivantes du Conseil de sécurité pourraient s’y appliquer :",
        deadline="Veuillez répondre au plus tard le {day}. S’il vous faut davantage de temps, demandez-le avant cette "
        "date en indiquant vos raisons.",
        answer="Répondez par écrit, dans la langue de votre choix, si possible point par point, et joignez les "
        "documents sur lesquels vous vous appuyez. Adresse : [adresse du bureau]. Vous pouvez être assisté d’un avocat "
        "et demander à consulter les éléments de preuve qui peuvent vous être communiqués.",
        kept="Votre réponse est conservée mot pour mot, et chacun de ses points reçoit une réponse avant toute "
        "décision. À défaut de réponse, ce fait est mentionné ; il ne vaut pas aveu.",
        day="{number} / {month:02} / {year}",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A notice, drafted: for a form, or to be printed and signed."""

    language: str
    heading: str
    opening: str
    alleged: str
    claims: tuple[str, ...]
    measures: str
    keys: tuple[str, ...]
    deadline: str
    answer: str
    kept: str

    @property
    def alleges(self) -> str:
        """What is alleged, as the text of the act."""
        lines = [self.opening, "", self.alleged, *(f"– {sentence}" for sentence in self.claims)]
        if self.keys:
            lines += ["", f"{self.measures} {', '.join(self.keys)}"]
        return "\n".join([*lines, "", self.deadline])

    @property
    def how_to_answer(self) -> str:
        """How to answer, as the text of the act."""
        return f"{self.answer}\n{self.kept}"


def letter(case: Case, version: FindingVersion, language: str, *, member: str, deadline: date) -> Letter:
    """The draft of a notice of a version's claims; of those nobody was told of, where there are any.

    Args:
        case: the case.
        version: as it stands.
        language: one of `LANGUAGES`; any other gets English.
        member: the name of the member that writes.
        deadline: the last day for a reply.
    """
    known = language if language in DRAFTS else "en"
    draft = DRAFTS[known]
    day = draft.day.format(year=deadline.year, month=deadline.month, number=deadline.day)
    return Letter(
        language=known,
        heading=draft.heading,
        opening=draft.opening.format(member=member),
        alleged=draft.alleged,
        claims=tuple(claim.sentence for claim in to_tell(case, version)),
        measures=draft.measures,
        keys=tuple(sorted({measure.key for measure in version.measures})),
        deadline=draft.deadline.format(day=day),
        answer=draft.answer,
        kept=draft.kept,
    )


def to_tell(case: Case, version: FindingVersion) -> tuple[Claim, ...]:
    """The claims that no notice tells as they now read; all of them, where every one was told."""
    return untold(case, version) or version.claims
