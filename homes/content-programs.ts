import type { TaskName } from '#ports/tasks.ts'
import type { ChatbotSettings, ContentSettings } from './content-environment.ts'

const defined = (given: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

const chatbotNames = ({ provider, url, key, model, inputMicros, outputMicros }: ChatbotSettings) => ({
  ...{ CHATBOT_PROVIDER: provider, CHATBOT_URL: url, CHATBOT_KEY: key?.reveal(), CHATBOT_MODEL: model },
  ...{ CHATBOT_INPUT_PRICE: String(inputMicros / 1e6), CHATBOT_OUTPUT_PRICE: String(outputMicros / 1e6) },
})

type Github = NonNullable<ContentSettings['github']>

const githubNames = ({ repository, apiUrl, branch, folder, auth, webUrl }: Github) => ({
  ...{ GITHUB_REPOSITORY: repository, GITHUB_API_URL: apiUrl, GITHUB_BRANCH: branch, GITHUB_WEB_URL: webUrl, CONTENT_FOLDER: folder },
  ...('token' in auth
    ? { GITHUB_TOKEN: auth.token.reveal() }
    : { GITHUB_APP_ID: auth.app.id, GITHUB_APP_INSTALLATION: auth.app.installation, GITHUB_APP_KEY: auth.app.key.reveal() }),
})

/** Whether a name of the environment is one program's: where its variables are set without being read, as in a template. */
export const isOf = (name: TaskName, variable: string): boolean => (name === 'writer' ? /^CHATBOT_/ : /^(GITHUB|CONTENT)_/).test(variable)

/** What a program is told of the outside: each the keys of the one service it talks to, and of no other. */
export const programEnvironment = (name: TaskName, { chatbot, chatbotSeconds, github, proposalsADay, linkHosts }: ContentSettings): Record<string, string> => {
  if (name === 'writer') return defined(chatbot ? { ...chatbotNames(chatbot), CHATBOT_SECONDS: String(chatbotSeconds) } : {})
  return defined({ ...(github && githubNames(github)), CONTENT_PROPOSALS_A_DAY: String(proposalsADay), CONTENT_LINK_HOSTS: linkHosts.join(',') })
}
