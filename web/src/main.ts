import './ui/visitors.css'
import icons from 'virtual:icons/visitors'
import { addIcon } from '@iconify/vue'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp, createSSRApp } from 'vue'
import App from './App.vue'
import { keepColourMode } from './lib/colour-mode.ts'
import { crash, watchForCrashes } from './lib/crash.ts'
import { i18n } from './lib/i18n.ts'
import { keepShell } from './lib/installing.ts'
import { language, speakFirst } from './lib/language.ts'
import { freshen, publishedHere, takePublished } from './lib/published.ts'
import { queryClient, queryOptions } from './lib/query.ts'
import { router } from './lib/router.ts'
import { takenUp } from './lib/taking-up.ts'
import { isSignedIn, lookWhoIsHere } from './lib/tokens.ts'

watchForCrashes(router)
keepColourMode()
for (const [name, icon] of Object.entries(icons)) addIcon(name, icon)
lookWhoIsHere()
const published = publishedHere()
if (published) takePublished(queryClient, published)

/** Where something is shown already, whoever looks at it can scroll and press in between. */
const aMoment = (): Promise<void> => new Promise((resolve) => (published ? setTimeout(resolve) : resolve()))

const open = async (): Promise<void> => {
  // What is shown already is taken up where it is what this browser would draw; for everybody else it is drawn anew, in its place.
  const isAsPublished = published !== undefined && language.value === 'en' && isSignedIn.value === false && location.search === ''
  const app = isAsPublished ? createSSRApp(App) : createApp(App)
  app.config.errorHandler = (error) => {
    // The browser's own log still gets it whole.
    reportError(error)
    crash.value = error
  }
  app.use(router).use(VueQueryPlugin, queryOptions).use(i18n)
  // Its page is here already: nothing may be drawn in between that has no page yet.
  if (published) {
    await router.isReady()
    await aMoment()
  }
  app.mount('#app')
  document.documentElement.classList.remove('is-someone', 'is-elsewhere')
  await takenUp()
  // What was pressed before is pressed now: see `public/first.js`.
  dispatchEvent(new Event('app-begun'))
  keepShell()
}

// Not awaited here: a language is a file of its own, and imports what lies in the file that would be waiting for it.
speakFirst()
  .then(aMoment)
  .then(open)
  .then(aMoment)
  .then(() => published && freshen(queryClient, published))
  .catch(reportError)
