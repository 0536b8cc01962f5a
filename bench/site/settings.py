from almoner.config.settings import *  # noqa: F403 (the product's own, but for one page)

ROOT_URLCONF = "bench.site.urls"
