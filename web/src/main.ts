import './ui/theme.css'
import icons from 'virtual:icons/visitors'
import { addIcon } from '@iconify/vue'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import App from './App.vue'
import { keepColourMode } from './lib/colour-mode.ts'
import { crash, watchForCrashes } from './lib/crash.ts'
import { i18n } from './lib/i18n.ts'
import { keepShell } from './lib/installing.ts'
import { speakFirst } from './lib/language.ts'
import { queryOptions } from './lib/query.ts'
import { router } from './lib/router.ts'

watchForCrashes(router)
keepColourMode()
for (const [name, icon] of Object.entries(icons)) addIcon(name, icon)

const open = (): void => {
  const app = createApp(App)
  app.config.errorHandler = (error) => {
    // The browser's own log still gets it whole.
    reportError(error)
    crash.value = error
  }
  app.use(router).use(VueQueryPlugin, queryOptions).use(i18n).mount('#app')
  keepShell()
}
// Not awaited here: a language is a file of its own, and imports what lies in the file that would be waiting for it.
speakFirst().then(open, reportError)
