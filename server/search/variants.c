#include "search/variants.h"

#include <glib.h>

/* As it is written, and what it is. */
static const char PAIRS[] =
    "乘乗 亂乱 亙亘 亞亜 佛仏 來来 假仮 傳伝 僞偽 價価 儉倹 兒児 兩両 册冊 冨富 凛凜 凬風 剩剰 劍剣 劑剤 劒剣 劔剣 "
    "勞労 勳勲 勵励 勸勧 區区 卷巻 卽即 參参 單単 嚴厳 囑嘱 圈圏 國国 圍囲 圓円 圖図 團団 埜野 增増 墮堕 壓圧 壘塁 "
    "壞壊 壤壌 壯壮 壷壺 壹壱 壽寿 奧奥 奬奨 孃嬢 學学 寢寝 實実 寫写 寬寛 寶宝 將将 專専 對対 尭堯 屆届 屬属 峯峰 "
    "峽峡 嵜崎 嶋島 嶌島 嶽岳 帶帯 廢廃 廣広 廳庁 彈弾 彌弥 彥彦 徑径 從従 德徳 恆恒 悅悦 惠恵 惡悪 惱悩 愼慎 慘惨 "
    "應応 懷懐 戀恋 戰戦 戲戯 拂払 拔抜 拜拝 挾挟 插挿 揭掲 搖揺 搜捜 擇択 擊撃 擔担 據拠 擧挙 擴拡 攜携 攝摂 收収 "
    "效効 敍叙 敎教 數数 斷断 晉晋 晝昼 曉暁 曻昇 曾曽 會会 枩松 栁柳 桒桑 桧檜 條条 棧桟 榮栄 槇槙 槗橋 槪概 樂楽 "
    "樓楼 樞枢 樣様 橫横 檢検 櫻桜 權権 歐欧 歡歓 步歩 歸帰 殘残 殼殻 毆殴 每毎 氣気 沒没 淚涙 淨浄 淸清 淺浅 渊淵 "
    "渕淵 渴渇 溪渓 溫温 滯滞 滿満 潛潜 澁渋 澤沢 濕湿 濟済 濱浜 濵浜 瀧滝 瀨瀬 灣湾 燈灯 燒焼 營営 爐炉 爭争 爲為 "
    "犧犠 狀状 狹狭 獨独 獵猟 獸獣 獻献 瓣弁 甁瓶 畫画 當当 疊畳 癡痴 發発 盜盗 盡尽 眞真 硏研 碎砕 碕崎 祕秘 祿禄 "
    "禪禅 禮礼 稅税 稱称 稻稲 穐秋 穗穂 穩穏 穰穣 竊窃 竝並 竪豎 籔薮 粹粋 絕絶 絲糸 經経 綠緑 緖緒 緣縁 縣県 縱縦 "
    "總総 繩縄 繪絵 繼継 續続 纖繊 缺欠 罐缶 聰聡 聲声 聽聴 肅粛 腦脳 膽胆 臟臓 臺台 與与 舊旧 舍舎 舖舗 舘館 艷艶 "
    "莊荘 莖茎 莱萊 萠萌 萬万 蒋蔣 薰薫 藏蔵 藝芸 藥薬 藪薮 處処 虛虚 號号 螢蛍 蟲虫 蠶蚕 蠻蛮 衞衛 裝装 襃褒 覺覚 "
    "覽覧 觀観 觸触 說説 謠謡 證証 譯訳 譽誉 讀読 變変 讓譲 豐豊 豫予 貳弐 賣売 賴頼 贊賛 踐践 蹟跡 輕軽 轉転 辨弁 "
    "辭辞 辯弁 遙遥 遞逓 遲遅 邉辺 邊辺 郞郎 醉酔 醫医 釀醸 釋釈 錄録 錢銭 鎭鎮 鐮鎌 鐵鉄 鑄鋳 鑛鉱 閱閲 闊濶 關関 "
    "陷陥 隨随 險険 隱隠 隸隷 雙双 雜雑 霸覇 靈霊 靜静 頴穎 顏顔 顯顕 飜翻 飮飲 餘余 餠餅 騷騒 驅駆 驗験 驛駅 髓髄 "
    "體体 髙高 髮髪 鬪闘 鴎鷗 鷄鶏 鹽塩 麥麦 麵麺 黃黄 黑黒 默黙 點点 黨党 齊斉 齋斎 齒歯 齡齢 龍竜 龜亀 龝秋 﨑崎 "
    "𠮷吉 ";

#define KATAKANA_FIRST 0x30a1
#define KATAKANA_LAST 0x30f6
#define ITERATION_FIRST 0x30fd
#define ITERATION_LAST 0x30fe
#define TO_HIRAGANA 0x60
#define HAN_FIRST 0x3400

static GHashTable *pairs(void)
{
    static GHashTable *made;
    if (g_once_init_enter(&made)) {
        GHashTable *table = g_hash_table_new(NULL, NULL);
        for (const char *p = PAIRS; *p; p = g_utf8_next_char(p)) {
            gunichar written = g_utf8_get_char(p);
            p = g_utf8_next_char(p);
            g_hash_table_insert(table, GUINT_TO_POINTER(written), GUINT_TO_POINTER(g_utf8_get_char(p)));
            p = g_utf8_next_char(p);
        }
        g_once_init_leave(&made, table);
    }
    return made;
}

uint32_t variant_of(uint32_t c)
{
    if ((c >= KATAKANA_FIRST && c <= KATAKANA_LAST) || (c >= ITERATION_FIRST && c <= ITERATION_LAST))
        return c - TO_HIRAGANA;
    uint32_t is = c < HAN_FIRST ? 0 : GPOINTER_TO_UINT(g_hash_table_lookup(pairs(), GUINT_TO_POINTER(c)));
    return is ? is : c;
}
