/** What the distribution shows the gateways with each request; whatever a viewer sends under this name it writes over. */
export const EDGE_HEADER = 'x-lectern-edge'
