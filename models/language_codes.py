"""Language codes: BCP-47 subtags in Dragoman, and the codes that model families use instead."""

from collections.abc import Mapping
from functools import cache

_M2M100 = (
    "af am ar ast az ba be bg bn br bs ca ceb cs cy da de el en es et fa ff fi fr fy ga gd gl gu ha he hi "
    "hr ht hu hy id ig ilo is it ja jv ka kk km kn ko lb lg ln lo lt lv mg mk ml mn mr ms my ne nl no ns "
    "oc or pa pl ps pt ro ru sd si sk sl so sq sr ss su sv sw ta th tl tn tr uk ur uz vi wo xh yi yo zh zu"
)
M2M100 = {language: f"__{language}__" for language in _M2M100.split()}
"""The codes of M2M-100 (Fan et al. 2020, table 1)."""
_MBART50 = (
    "af_ZA ar_AR az_AZ bn_IN cs_CZ de_DE en_XX es_XX et_EE fa_IR fi_FI fr_XX gl_ES gu_IN he_IL hi_IN "
    "hr_HR id_ID it_IT ja_XX ka_GE kk_KZ km_KH ko_KR lt_LT lv_LV mk_MK ml_IN mn_MN mr_IN my_MM ne_NP "
    "nl_XX pl_PL ps_AF pt_XX ro_RO ru_RU si_LK sl_SI sv_SE sw_KE ta_IN te_IN th_TH tl_XX tr_TR uk_UA "
    "ur_PK vi_VN xh_ZA zh_CN"
)
MBART50 = {code.split("_")[0]: code for code in _MBART50.split()}
"""The codes of mBART-50 (Tang et al. 2020, table 6)."""
NLLB = {
    "af": "afr_Latn", "ar": "arb_Arab", "bg": "bul_Cyrl", "bn": "ben_Beng", "ca": "cat_Latn",
    "cs": "ces_Latn", "da": "dan_Latn", "de": "deu_Latn", "el": "ell_Grek", "en": "eng_Latn",
    "es": "spa_Latn", "et": "est_Latn", "eu": "eus_Latn", "fa": "pes_Arab", "fi": "fin_Latn",
    "fr": "fra_Latn", "gl": "glg_Latn", "gn": "grn_Latn", "he": "heb_Hebr", "hi": "hin_Deva",
    "hr": "hrv_Latn", "ht": "hat_Latn", "hu": "hun_Latn", "id": "ind_Latn", "it": "ita_Latn",
    "ja": "jpn_Jpan", "ko": "kor_Hang", "lt": "lit_Latn", "lv": "lvs_Latn", "nb": "nob_Latn",
    "nl": "nld_Latn", "pl": "pol_Latn", "pt": "por_Latn", "qu": "quy_Latn", "ro": "ron_Latn",
    "ru": "rus_Cyrl", "sk": "slk_Latn", "sl": "slv_Latn", "sr": "srp_Cyrl", "sv": "swe_Latn",
    "sw": "swh_Latn", "th": "tha_Thai", "tr": "tur_Latn", "uk": "ukr_Cyrl", "ur": "urd_Arab",
    "vi": "vie_Latn", "zh": "zho_Hans",
}  # fmt: skip
"""Codes of NLLB-200 (Costa-jussà et al. 2022, table 1); an entry's `codes` can add others."""

FAMILY_CODES: Mapping[str, Mapping[str, str]] = {"m2m100": M2M100, "mbart50": MBART50, "nllb": NLLB}
"""By family, then by language. The other families have no codes of their own."""


@cache
def primary_subtag(tag: str) -> str:
    """Return the language of a tag in lower case, without its region: `es` for `es_MX` and `ES`."""
    return tag.replace("_", "-").split("-")[0].lower()


def region_subtag(tag: str) -> str | None:
    """Return the region of a tag, `MX` of `es_mx` and `419` of `es-419`; None where it has none."""
    for subtag in tag.replace("_", "-").split("-")[1:]:
        if (len(subtag) == 2 and subtag.isalpha()) or (len(subtag) == 3 and subtag.isdecimal()):
            return subtag.upper()
    return None


def regional_tag(tag: str) -> str:
    """Return the language of a tag with its region, if it has one: `es-MX` for `es_mx`, `es` for `ES`."""
    region = region_subtag(tag)
    return primary_subtag(tag) if region is None else f"{primary_subtag(tag)}-{region}"


def code_of_name(name: str) -> str | None:
    """Return the code of a language by its English or Spanish name, `de` for `german`; None if unknown."""
    return _codes_by_name().get(name.casefold())


@cache
def _codes_by_name() -> Mapping[str, str]:
    from babel import Locale  # read only where a code is wrong

    return {
        name.casefold(): code
        for locale in ("es", "en")
        for code, name in Locale(locale).languages.items()
        if len(code) == len("es")
    }
