"""DeepL's API, versions 2 and 3 (https://developers.deepl.com): for its SDKs and the tools built on them."""
