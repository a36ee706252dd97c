import type { Plugin } from 'vite'
import { contract } from '#contract/contract.ts'

const NAME = 'virtual:addresses'

/** Method and path of each endpoint, for the browser: the schemas beside them would be a third of what a visitor loads. */
const addresses = Object.fromEntries(
  Object.entries(contract).map(([feature, endpoints]) => [
    feature,
    Object.fromEntries(
      Object.entries(endpoints).map(
        ([
          verb,
          {
            '~orpc': { route },
          },
        ]) => [verb, `${route.method} ${route.path}`],
      ),
    ),
  ]),
)

export const addressesOfTheContract = (): Plugin => ({
  name: 'lectern:addresses',
  resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
  load: (id) => (id === `\0${NAME}` ? `export default ${JSON.stringify(addresses)}` : undefined),
})
