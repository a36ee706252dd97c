import './ui/theme.css'
import ui from '@nuxt/ui/vue-plugin'
import { VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import App from './App.vue'
import { crash, watchForCrashes } from './lib/crash.ts'
import { i18n } from './lib/i18n.ts'
import { keepShell } from './lib/installing.ts'
import { speakFirst } from './lib/language.ts'
import { queryOptions } from './lib/query.ts'
import { router } from './lib/router.ts'

watchForCrashes(router)
await speakFirst()

const app = createApp(App)
app.config.errorHandler = (error) => {
  // The browser's own log still gets it whole.
  reportError(error)
  crash.value = error
}
app.use(router).use(VueQueryPlugin, queryOptions).use(i18n).use(ui).mount('#app')
keepShell()
