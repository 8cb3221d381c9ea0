//! Files as NumPy 2, SciPy and Python write them, compressed and in base64. Made by a script.

/// `numpy.asfortranarray((arange(24).reshape(2, 3, 4) / 32).astype(">f2"))`, labels `["cat",
/// "dög"]`.
pub(super) const HALF_FORTRAN: &str = "eNoL8GZm0WVgYOAAYkWGq/FPFv2HAm4GEYaK+JKixMw8vbyCSkYGAYYNDBBQAaVnvxF/JS1w8kTAsYC18yZFzYlZkrd0Qd70tCXrFi+YNy0+JGjKDPH58VMmcQnxa2r5snKJp6uILWHaKeVmxXXMikttlhXXVq4UJj02NmM2ZjZuNmE2bzZets1szmzc7JPZvNll2YrZlNm62YLZTrPZsn1mS2brZl7GO42dIQDF0TOS0sORHV2J6ugZUMeG4nW0cNYaDEeXe5/R9GPtgrj6J9DVYAeLMKwTYWNry3eYw3fkpMMcjiOqDjxAFzEy6TKjBiQolEAhxs2AAA2M4PBDuBBdI8gzIJfOwNC4FUhWImtkZQNJMAFhEZB2B5sMAHyyfVM=";

/// An object array and labels.
pub(super) const OBJECTS: &str = "eNoL8GZm0WVgYOAAYkWGNnYfy/9QwMogwlChl1dQycggwKDEyAAGZyAUw+w34q+kBU6eCDgWsHbepKg5MUvyli6Ie7x+3eIF86bFhwRNmSE+P37KJC6hMu8zmn6sXeLpKmJLmH5KuVnNsuLayjWFYR3btJWXJRUWuOusN9m+IEjfznK/Rqj+dpPlKsYbV2hsLPLi968JzCqqiyv0DMwsOjnlZHBVxEGt5V82PF/qMMVn3qOzF6yOzjTM9Po9ZYGm1L2eez5rg41mVEcEe2lxBzlGzfiju6ykzCFlZrVE9rIfP39W/mVnMniYG2+kutK4rMtNx6U4641I/rMjIQsWyDEEoARBXdbvk8hBUAkLgglQr3viC4K8yZkLMcKgHGsYiDDosWkktFwC2s/IpMuMGgmgcAaFOSsDAjSA4wAcJehaQI4GuQvkRlQtzEBNlRAtrGwgISYgTAPSzWDTAKmYpFU=";

/// A structured array.
pub(super) const STRUCTURED: &str = "eNqb7BfqGxDJyFDGUK2eklqcXKRupRCtoZ6orqOgbpNmoq6po6ChngTmZZoAKQ0jHU3NWCA3Lb+opCgxLz6/KCUVpMktMac4FShenJFYkArkgxTqKNQq4AdcDDgAAPcoHXg=";

/// `save_npz` of `[[0, 2.5, 0], [1, 0, -1], [0, 0, 4]]`.
pub(super) const CSR: &str = "eNoL8GZm0WVgYOAAYkWG1HP5kf+hgJtBhCEzLyUzObVYL6+gkpFBgGECAwR4QenZb8RfSQucPBFwLGDtvElRc2KW5C1dkDc5c9G6xQvmTYsPCZoyQ3x+/JRJXELl3mc0/Vi7xNNVxJYw/ZRSs5plxbWVS4RBz42NI6EpiSEAxRk3fZJbYc7ggjijoKQI3RV+1HMFm0ICS1KaQhojuksWHy6ZjuyStPyi3MQSmEuaoS5wxeeSOOGcNYRcAnEH47onj5TQHPDxptgimAM4gQ4ozkgsSEUPCU8CIbGQkP1u8JBIY+NouIjmhrS2i54wN3AA3ZCSWJIIc8ICqNXB+J2QtpCEyDBIKGy4IP9m4Zc6Dt0HDEDHMDLpMqMmUlAKBPmemwEBGhhBJFKSRdcISlZ+UI1cKBrbIRqhiQxdHygRgKK4GUOfINBKRJJA1weKO0+ofZwo+iYB9cFjEl0bKLhBwbkAKoLQJsbEAA/8AG9WNpAoKxCKAY1bzATiAQCfSxh6";

/// The same as csc.
pub(super) const CSC: &str = "eNoL8GZm0WVgYOAAYkWGtpMPrv+HAm4GEYbMvJTM5NRivbyCSkYGAYYJDBDgA6VnvxF/JS1w8kTAsYC18yZFzYlZkrd0Qd7kzEXrFi+YNy0+JGjKDPH58VMmcQmVe5/R9GPtEk9XEVvC9FNKzWqWFddWLhEGPTc2DoaLPg48DAEoDnH3OekJcwgXxCEFJUXo7vCjnjvYFBJYktQU0hiT0FwS+PjIX2SXpOUX5SaWwFzSDHWBKz6XxAnnrCHkEog7GNc9eZSC5oCPN8UWwRzACXRAcUZiQSp6SHgSCImFhOx3g4dEGhtHw0U0N2RM5F8PcwMH0A0piSWJMCcsgFodjN8JaQtJiAyDHwn8CyNlFvz5KxB1gBHoGEYmXWbUZApKgyDfczMgQAMjiERKtOgaQcnKD6qRC0VjJ0QjNJGh6wMlAlAUN2PoEwZaiUgS6PpAcecJtY8TRd8UoD54TKJrAwU3KDgXQEUQ2iSYGOCBH+DNygYSZQVCMaBxS5lAPADTGRpM";

/// The same as coo.
pub(super) const COO: &str = "eNoL8GZm0WVgYOAAYkWGChHdR/+hgJ1BhKEov1wvr6CSkUGAYQIDBPhA6dlvxF9JC5w8EXAsYO28SVFzYpbkLV2QNzlz0brFC+ZNiw8JmjJDfH78lElcQuXeZzT9WLvE01XEljD9lFKzmmXFtZVLhEGPTSGhJUlNgY0hAMURqefyI5EdkZyfg+4IL+o5wo2NI6EpCc0J6p9YhWBO4AI6IS2/KDexBOaKZqjtrvhcESecs4aQKyBuYFz35E8NmgM+3hRbBHMAJ9ABxRmJBanooeBJIBQWErLfDR4KaWwcDRfR3JDWdtET5gYOoBtSEksSYU5YALU6GL8T0haSkBoMEgobLsi/WfiljkP3AQPQMYxMusyoaROU+EC+Z2dAgAZGEAlNqeiaQGnJC6umViAJTVnomkCxD4pbUDxzoWjiANqFSAvo+kCR5gm1jBNFXydQHzwK0bWBwhkUjgugIghtvEwM8FAP8GZlA4myAiE/0LhZTCAeABwCDxI=";

/// Like `train_32x32.mat`: 4 pictures, three pixels that are not 0.
pub(super) const SVHN: &str = "eNrzdQzxcXRSMNUzUPB1DNFNy8xJVQjISSxJyy/KtVIoyC/OrNBRcC5KTSxJTVHIz7NS8M3PU/DLL1MwNlAwMLUysLQyNFcwMjAyYyADMHr68gOpcCCumPP23G7eBgMeB8fP/LxJLG4LUkS+zWdRvsEgcHbu1yfHuoxcj2xz+7LT2+zY0tPPcnZmbzJbXfTtztfKLceKD3Png0ybr1VfDzO5IsuGYTEHYx/IeC2w8Y+TExIMGJLMFJ4xJPmxcSS0fopsmCHYIymp1WgiHNDSPXEyJ4OkKMN/ALX3SVA=";

/// Like `train_32x32.mat`: 4 pictures, three pixels that are not 0.
pub(super) const SVHN_PLAIN: &str = "eNrt27sKwjAYhuFYj3UQL+G/AJVYqYdu1Umw4uDgKlihUI2oiN69CXZ00kXhfcLHT0iyZP+SeL2IpxL2tCTxurvP8lRW+fa6N+dDJCdzye4dmZ3T7TXdiTlGkpijLM1NBlp0GOlJ1B9JoIOh+kBpnrTsGGulanY2bPziqGrTtpEiZZuKe2LXxk7PXdLqe3UFAAAAAAB+XIMvAAAAAAAAAAAAAADg3/muP+BqAO/6A27/6gy8egMP5XoDFdUs+d4TW/AYVw==";

/// Like `emnist-letters.mat`.
pub(super) const EMNIST: &str = "eNrzdQzxcXRSMNUzUPB1DNFNy8xJVQjISSxJyy/KtVIoyC/OrNBRcC5KTSxJTVHIz7NS8M3PU/DLL1MwNlAwMLUysLQyNFcwMjAyYyADMHr68gMpVkYGhoo5b6d7cx0yEGhTX3YrzDG2imf6uzW7Pkq48QZlLN3CuP5FYcyLez7Svzl+3Ojo+nzQ4KTJZ/XZLftrGT6wMciesYoKuGBWHMYdfjxMY6Ln0v3WT79P5JvaVdAfmcb1O3miysM69lrbuLL4y/qvfO8aiFnPZHRJ0lWey5+5ImXW013a+y991Y1dl3xCO/ZOeU20yx+G4/7yDQocTQr/pt3Z7/h0s9WyuO+Rpf/bxLJDyuYvSxMQOckdkB90+bXtxeIzt4x3bzDWPmdccu+xOnPdff+k/W/VC//FTkhXsuuu3f/2+6F98/etlP70PZHn+3323fcvml80/c324Uf9BOfP/x5JXXu0+afTGvNldayzS9TnAwARM5jI";

/// Labels in a cell array.
pub(super) const CELLS: &str = "eNrzdQzxcXRSMNUzUPB1DNFNy8xJVQjISSxJyy/KtVIoyC/OrNBRcC5KTSxJTVHIz7NS8M3PU/DLL1MwNlAwMLUysLQyNFcwMjAyYyADMHr68gGpBCBmA2IOKA0CrFA+MxAzgZQCYQWQ5gRiAzKsAtlzAckeRjR7GKF2geyphKo3QFLPgkU9I5I5AkBWIpn6ksjUlwykAWEAGwU=";

/// Like `data_batch_1`, written by Python 3 in protocol 2.
pub(super) const CIFAR_2: &str = "eNrt2ctOwkAUBuApoki9X1C813u9hISFL2Eji1l1Y8i0jNKkDPxluiDRxI0iT+XCB9MZ4Cn0fIumOf+ZMzPd9q3wCubHzbjbknHflcq+uHDCBcZYJHTcbqYikikK4ZyppEInqo6ZDxQ5ZttOWDFFnYlEJerZG/d7da/75N1hrm26Shzzpmuy1Izpo2zLLsfCIxb9wAmYNHnR5C2hBZZsusyxEqu80xvUzLkyWevkqU5ElomB28xk3FV9neWxdrE6aXNVa5JiLWDvWDcTHXt8bNhxmxyVIbY4tu1+hQe2+IHqdGFLD3rmujthwfTndeyOPofY49j3g5nxjBccNBqN+x9j/AiYxmE0sjtUGfv+YoQQQgghhBBCCPnrSvQJCCGEkP+mjCP7h8HjONY4idpOWDbVpySVSnRkH6c2PeM4f8SFb9JZk4paTz3j0iY+x9W0Go2r17Z6w3Er89ovpJB7MA==";

/// Like `data_batch_1`, written by Python 3 in protocol 4.
pub(super) const CIFAR_4: &str = "eNrt2b1qwzAUBWA5jRtMs7Z09JjJkKEvUG019dC9GMlWEoMtG0UaDC106U9AW24ftE+QJspbtOcbrkA6unC16m36/XPLglda8CspbLUpWyFVS/zaGtHoRq/TsJ0u036V3hG/DOdbeqZFHuVM8WktrCB/o103jFlZ9UZlnWttI4wRI/l5aVTV6601rrK0Jx+HJPmZrs+RPeXsnXgk6ZOeQtvJI5t/0CbxcW3HQZ1uTdySdl/nwIWPXqgoiofDUSg5syR39+w4zoEBAAAAAAAAwF83wxMAAAD8NwlZkjxZNa3SolPho4LHIhv0mngsw6pc9gsDwmB6";

/// The same in protocol 5, which NumPy writes in another way.
pub(super) const CIFAR_5: &str = "eNrt2c1KxDAUBeB0tMow7kRw2WVXhVn4BNlZ7MK9lLSTjoU2LTFdDCi48geym6Pv5tOMJfgU4/kWuZebwIVsz2v89XMtghekclUpVz+Wnap0B3nlrGpNa7ZJGCfrZGiSG8izcP+EB6R5lAstTzfKKfhLM/XjLivrweps7rVta/hV2dihr6am0RZ7pN/ib+FBEBEREREREdGxO+cXEBER/TdL+DgEBnPduN2osYdfTGt8frzjHml+4qNnFEVxe5iFIxcOVb64Exdv8JGEm9/JZdN22qheh0BCxiobzRYyrkLVU/YLkJVVkg==";

/// Like `batches.meta`.
pub(super) const META: &str = "eNprYKotZNCIEGZgYMgrzY1PTixOLY4vSC2KT0osSc4oZPQVUI/gBkrmJCal5sTnJeamFhcyxRYya0RwAEUTM4sKchLzUgtZIrhA3NKS/Nz8pMyc1ELW1Ah2qJllmcWFbL4MPKV6ANP1H2M=";

/// Calls `os.system`.
pub(super) const EVIL: &str =
    "eNprYKotZIhgYWBgSEksSSxkTC7IL86s4CquLC5JzeUqZAJLlRSVphYytxayBBWyFusBAHeGDo4=";
