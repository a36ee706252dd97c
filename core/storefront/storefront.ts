import { hasRole } from '#contract/roles.ts'
import type { storefront as contract } from '#contract/storefront.ts'
import type { Feature } from '#core/handlers.ts'
import { missing } from '#core/refusal.ts'
import { embed } from './embed.ts'
import { putPicture } from './pictures.ts'
import { publishing } from './publishing.ts'
import { legalText, putBrand, putHome, putLegal, settingsNow } from './settings.ts'

/** How the school shows itself to whoever comes by: its name and colours, its home page, its legal pages. */
export const storefront: Feature<typeof contract> = {
  handlers: {
    settings: settingsNow,
    putBrand: (world, _admin, wanted) => putBrand(world, wanted),
    putHome: (world, _admin, wanted) => putHome(world, wanted),
    putImage: (world, _admin, picture) => putPicture(world, picture),
    legal: async (world, actor, { page }) => {
      const found = await legalText(world, page)
      // Whoever may write it sees that there is nothing yet.
      if (found.text.trim() === '' && !(actor && hasRole(actor, 'admin'))) throw missing('page')
      return found
    },
    putLegal: (world, _admin, wanted) => putLegal(world, wanted),
    embed: (world, _actor, { url }) => embed(world, url),
  },
  hearings: publishing,
  timers: [],
}
