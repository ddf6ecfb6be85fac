"""LibreTranslate's API (https://libretranslate.com/docs): for its clients and the CMS plugins built on it."""
