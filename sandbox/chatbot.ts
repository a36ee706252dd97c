export type ChatbotSandboxOptions = {
  /** Where switches are kept. */
  folder: string
  /** Where people reach it: its pages lie below `/sandbox/chatbot`. */
  publicUrl: string
}

/** A stand-in for a chatbot: an OpenAI-compatible endpoint at `apiUrl`, and a page of switches at `url`. */
export type ChatbotSandbox = { url: string; apiUrl: string; model: string; close(): Promise<void> }

export const startChatbotSandbox = async (_options: ChatbotSandboxOptions): Promise<ChatbotSandbox> => ({
  ...{ url: 'http://127.0.0.1:9', apiUrl: 'http://127.0.0.1:9/v1', model: 'stand-in' },
  close: async () => undefined,
})
