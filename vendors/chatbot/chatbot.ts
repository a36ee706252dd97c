import { type Chatbot, ChatbotFailed } from '#ports/chatbot.ts'
import type { Secret } from '#ports/secret.ts'

export type ChatbotOptions = {
  provider: 'openai-compatible' | 'anthropic' | 'bedrock'
  /** As of `https://api.openai.com/v1`; each provider's own where it is left out. */
  url: string | undefined
  key: Secret | undefined
  model: string
}

export const chatbot = (_options: ChatbotOptions): Chatbot => ({
  ask: async () => {
    throw new ChatbotFailed('refused', 'Nobody has been taught to write yet.')
  },
})
