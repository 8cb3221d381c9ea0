/** The networks that the page trains, of all that the library has built in. */

interface Choice {
  /** As the list of networks shows it. */
  readonly words: string;
  /** Epochs of training: so many that the network is surer about its training images than about others. */
  readonly epochs: number;
}

/** By the library's names. The first one is chosen at first. */
export const networks = {
  lenet: { words: "LeNet: convolutions", epochs: 10 },
  mlp: { words: "MLP: smaller, faster", epochs: 8 },
} satisfies Record<string, Choice>;

export type NetworkName = keyof typeof networks;
export const networkNames = Object.keys(networks) as [NetworkName, ...NetworkName[]];
