import icons from 'virtual:icons/visitors'
import { addIcon } from '@iconify/vue'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Figures, PublishedPage } from '#contract/published-page.ts'
import App from './App.vue'
import { FIGURES_OF_A_PAGE } from './lib/figures.ts'
import { i18n } from './lib/i18n.ts'
import { htmlOfText } from './lib/markdown/published.ts'
import { takePublished } from './lib/published.ts'
import { isSignedIn } from './lib/tokens.ts'
import { visitorRoutes } from './pages/visitor-routes.ts'

/*
 * The visitors' pages as the school draws them when something is published: the very components that the browser runs, for a visitor who reads
 * English. Built beside the app, for Node.
 */
for (const [name, icon] of Object.entries(icons)) addIcon(name, icon)
isSignedIn.value = false

/** A page as it is first shown, and the numbers it says; the app takes both up in the browser. */
export const draw = async (page: PublishedPage): Promise<{ html: string; figures: Figures }> => {
  const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, retry: false } } })
  takePublished(queryClient, page)
  const router = createRouter({ history: createMemoryHistory(), routes: visitorRoutes })
  await router.push(page.path)
  await router.isReady()
  const app = createSSRApp(App).use(router).use(VueQueryPlugin, { queryClient }).use(i18n)
  // A page that lacks something is none.
  app.config.errorHandler = (error) => {
    throw error
  }
  const figures: Figures = {}
  app.provide(FIGURES_OF_A_PAGE, figures)
  const html = await renderToString(app)
  queryClient.clear()
  // Icons have one that says nothing; the policy of the pages lets no such attribute in.
  return { html: html.replaceAll(' style=""', ''), figures }
}

/** HTML of a text, clean. `isWhole`: the page's own text, whose headings can be linked to; else `name` keeps them apart. */
export const read = htmlOfText
